"""How the window looks: native on Windows when it is light, else a style of our own."""

import sys
import tkinter
from dataclasses import dataclass
from tkinter import font, ttk

from client.gui.darkness import darken_title_bars, is_dark

_FAMILIES = ("Cantarell", "Ubuntu", "Inter", "Noto Sans", "DejaVu Sans")


@dataclass(frozen=True, slots=True)
class Colours:
    """What each colour is for, not what it is."""

    ground: str
    card: str
    text: str
    faint: str
    line: str
    accent: str
    on_accent: str
    good: str
    bad: str


LIGHT = Colours(
    "#f1f3f6",
    "#ffffff",
    "#1b1f26",
    "#566070",
    "#d3d9e1",
    "#1f63c6",
    "#ffffff",
    "#1c7f45",
    "#b3261e",
)
DARK = Colours(
    "#16181c",
    "#22262c",
    "#edeff3",
    "#a6afbc",
    "#3b424d",
    "#7eb0ff",
    "#10141b",
    "#62cf92",
    "#ff9389",
)


def dress(root: tkinter.Tk) -> None:
    """Give the window and all that will be in it their look, and buttons the keys one expects."""
    for key in ("<Return>", "<KP_Enter>"):
        # Of itself ttk knows the space bar only.
        root.bind_class("TButton", key, lambda event: event.widget.invoke())
    colours = DARK if is_dark() else LIGHT
    _fonts(root)
    style = ttk.Style(root)
    # The native style of Windows cannot be dark.
    if sys.platform != "win32" or colours == DARK:
        _own_style(root, style, colours)
        _colour_the_rest(root, colours)
    if sys.platform == "win32" and colours == DARK:
        darken_title_bars(root)
    root.configure(background=colours.ground)
    style.configure("Ground.TFrame", background=colours.ground)
    style.configure("Card.TFrame", background=colours.card)
    style.configure("TLabel", background=colours.card)
    style.configure("Ground.TLabel", background=colours.ground)
    style.configure("Title.TLabel", background=colours.card, font="PassalongTitle")
    style.configure("Headline.TLabel", background=colours.card, font="PassalongHeadline")
    style.configure("Faint.TLabel", background=colours.card, foreground=colours.faint)
    style.configure("Bad.TLabel", background=colours.card, foreground=colours.bad)
    style.configure("Trouble.TLabel", foreground=colours.bad, font="PassalongHeadline")
    style.configure(
        "Good.TLabel", background=colours.card, foreground=colours.good, font="PassalongHeadline"
    )
    style.configure("TCheckbutton", background=colours.card)
    row = tkinter.font.nametofont("TkDefaultFont").metrics("linespace") + 6
    style.configure("Treeview", background=colours.card, rowheight=row)


def scaled(window: tkinter.Misc, pixels: int) -> int:
    """A length on a screen of usual density, for this one."""
    return round(pixels * float(window.tk.call("tk", "scaling")) * 72 / 96)


def dress_text(field: tkinter.Text, ground: str) -> None:
    """Give a field of text, which ttk does not draw, the look of the others."""
    style = ttk.Style(field)
    foreground = style.lookup(".", "foreground") or "black"
    field.configure(
        relief="flat",
        padx=6,
        pady=6,
        background=style.lookup(ground, "background"),
        foreground=foreground,
        insertbackground=foreground,
        highlightthickness=1,
        highlightbackground=style.lookup(".", "bordercolor") or "grey",
        highlightcolor=style.lookup(".", "focuscolor") or "blue",
    )


def _own_style(root: tkinter.Tk, style: ttk.Style, colours: Colours) -> None:
    c = colours
    arrow = scaled(root, 12)
    style.theme_use("clam")
    style.configure(
        ".", background=c.card, foreground=c.text, bordercolor=c.line, lightcolor=c.card,
        darkcolor=c.card, troughcolor=c.line, fieldbackground=c.card, insertcolor=c.text,
        selectbackground=c.accent, selectforeground=c.on_accent, focuscolor=c.accent,
        arrowcolor=c.faint,
    )  # fmt: skip
    # clam's own colours for these states are light.
    style.map(
        ".",
        background=[("disabled", c.card), ("active", c.line)],
        foreground=[("disabled", c.faint)],
        selectbackground=[("!focus", c.line)],
        selectforeground=[("!focus", c.text)],
    )
    style.map("TLabel", background=[("active", c.card)])
    style.configure(
        "TButton",
        padding=(scaled(root, 14), scaled(root, 6)),
        relief="raised",
        borderwidth=1,
        background=c.ground,
        lightcolor=c.ground,
        darkcolor=c.ground,
    )
    style.map(
        "TButton",
        background=[("disabled", c.ground), ("pressed", c.line), ("active", c.line)],
        lightcolor=[("pressed", c.line)],
        darkcolor=[("pressed", c.line)],
        bordercolor=[("focus", c.accent)],
        foreground=[("disabled", c.faint)],
    )
    style.configure(
        "Accent.TButton",
        background=c.accent,
        foreground=c.on_accent,
        bordercolor=c.accent,
        lightcolor=c.accent,
        darkcolor=c.accent,
        focuscolor=c.on_accent,
        font="PassalongHeadline",
    )
    style.map(
        "Accent.TButton",
        background=[("disabled", c.card), ("active", c.accent), ("pressed", c.accent)],
        bordercolor=[("disabled", c.line), ("focus", c.text)],
        lightcolor=[("disabled", c.card), ("focus", c.on_accent), ("pressed", c.accent)],
        darkcolor=[("disabled", c.card), ("focus", c.on_accent), ("pressed", c.accent)],
        foreground=[("disabled", c.faint)],
    )
    style.configure(
        "Quiet.TButton",
        padding=(6, 3),
        width=0,
        background=c.card,
        foreground=c.faint,
        bordercolor=c.card,
        lightcolor=c.card,
        darkcolor=c.card,
    )
    style.map(
        "Quiet.TButton",
        foreground=[("active", c.text)],
        background=[("active", c.card), ("pressed", c.card)],
        lightcolor=[("pressed", c.card)],
        darkcolor=[("pressed", c.card)],
        bordercolor=[("focus", c.accent)],
    )
    style.configure("TEntry", padding=6, lightcolor=c.card)
    style.map(
        "TEntry",
        background=[],
        bordercolor=[("focus", c.accent)],
        lightcolor=[("focus", c.accent)],
        darkcolor=[("focus", c.card)],
    )
    style.configure("TCombobox", padding=5, background=c.card, arrowsize=scaled(root, 16))
    style.map(
        "TCombobox",
        background=[("active", c.line), ("pressed", c.line)],
        bordercolor=[("focus", c.accent)],
        fieldbackground=[("readonly", c.card)],
        foreground=[("readonly", c.text)],
        arrowcolor=[("disabled", c.line)],
    )
    style.configure("Heading", background=c.ground)
    style.map("Heading", background=[("active", c.line)])
    for name, colour in (("Busy", c.accent), ("Good", c.good), ("Still", c.faint), ("Bad", c.bad)):
        style.configure(
            f"{name}.Horizontal.TProgressbar",
            background=colour,
            thickness=scaled(root, 10),
            borderwidth=0,
            bordercolor=c.line,
            lightcolor=colour,
            darkcolor=colour,
        )
    style.configure(
        "Vertical.TScrollbar",
        gripcount=0,
        background=c.line,
        troughcolor=c.ground,
        bordercolor=c.ground,
        arrowsize=arrow,
    )
    style.map("TScrollbar", background=[("disabled", c.ground), ("active", c.faint)])
    style.map("TCheckbutton", background=[], foreground=[("disabled", c.faint)])
    style.map(
        "Treeview",
        background=[("selected", c.accent)],
        foreground=[("selected", c.on_accent)],
        bordercolor=[("focus", c.accent)],
        lightcolor=[("focus", c.accent)],
    )
    _check_boxes(style, colours)


def _colour_the_rest(root: tkinter.Tk, colours: Colours) -> None:
    """What ttk does not draw: fields of text, lists that drop down, and windows themselves."""
    c = colours
    for kind in ("*Text", "*TCombobox*Listbox", "*Canvas"):
        for name, colour in (
            ("background", c.card),
            ("foreground", c.text),
            ("selectBackground", c.accent),
            ("selectForeground", c.on_accent),
            ("highlightBackground", c.line),
            ("highlightColor", c.accent),
        ):
            root.option_add(f"{kind}.{name}", colour)
    root.option_add("*Text.insertBackground", c.text)
    root.option_add("*Toplevel.background", c.card)


def _fonts(root: tkinter.Tk) -> None:
    default = font.nametofont("TkDefaultFont")
    if sys.platform == "linux":
        known = set(font.families())
        family = next((name for name in _FAMILIES if name in known), default.actual("family"))
        for name in ("TkDefaultFont", "TkTextFont", "TkMenuFont"):
            font.nametofont(name).configure(family=family, size=11)
    family, points = default.actual("family"), default.actual("size")
    for name, more in (("PassalongTitle", 4), ("PassalongHeadline", 0)):
        # Not a Font object: the font would go when the object does.
        if name not in font.names():
            root.tk.call("font", "create", name)
        options = ("-family", family, "-size", points + more, "-weight", "bold")
        root.tk.call("font", "configure", name, *options)


def _check_boxes(style: ttk.Style, colours: Colours) -> None:
    """clam's own check mark is a cross, which reads as "no"."""
    side = 2 * round(font.nametofont("TkDefaultFont").metrics("linespace") * 0.45)
    images = [
        _box(side, colours, is_on, is_focus) for is_on, is_focus in ((0, 0), (1, 0), (0, 1), (1, 1))
    ]
    off, on, off_focus, on_focus = images
    # ttk does not keep images alive by itself.
    style.master.check_box_images = images  # type: ignore[attr-defined]
    style.element_create(
        "box", "image", off, ("selected", "focus", on_focus), ("selected", on),
        ("focus", off_focus),
        sticky="w", padding=(0, 0, 8, 0), width=side + 10,
    )  # fmt: skip
    style.layout(
        "TCheckbutton",
        [
            ("box", {"side": "left", "sticky": ""}),
            (
                "Checkbutton.focus",
                {"side": "left", "children": [("Checkbutton.label", {"sticky": "nswe"})]},
            ),
        ],
    )


def _box(side: int, colours: Colours, is_on: int, is_focus: int) -> tkinter.PhotoImage:
    image = tkinter.PhotoImage(width=side, height=side)
    border = colours.accent if is_on or is_focus else colours.faint
    edge = 2 if is_focus else 1
    fill = colours.accent if is_on else colours.card
    for y in range(side):
        row = []
        for x in range(side):
            inside = edge <= x < side - edge and edge <= y < side - edge
            row.append(
                colours.on_accent
                if is_on and _is_tick(x / side, y / side)
                else fill
                if inside
                else border
            )
        image.put("{" + " ".join(row) + "}", to=(0, y))
    return image


def _is_tick(x: float, y: float) -> bool:
    down = abs((y - 0.52) - (x - 0.22)) < 0.12 and 0.2 <= x <= 0.44
    up = abs((y - 0.74) + 1.15 * (x - 0.44)) < 0.14 and 0.4 <= x <= 0.82
    return down or up
