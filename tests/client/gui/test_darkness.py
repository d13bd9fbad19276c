"""Each desktop says in its own way whether it is dark; all that is drawn can be read in both."""

import tkinter
from pathlib import Path
from tkinter import ttk

import pytest

from client.gui import darkness
from client.gui.darkness import answer_says, gtk_says, is_linux_dark, kde_says
from client.gui.starting import connect_screen
from client.gui.style import DARK, LIGHT, Colours, dress
from client.opening.handover import Request
from installer.formats import ticket
from tests.client.gui.conftest import Person, Taste
from tests.client.site_double import SiteDouble

LEAST_CONTRAST = 4.5


@pytest.mark.parametrize(
    ("output", "says"),
    [
        ("'prefer-dark'", True),
        ("'prefer-light'", False),
        ("'default'", None),
        ("(<<uint32 1>>,)", True),
        ("(<<uint32 2>>,)", False),
        ("(<<uint32 0>>,)", None),
        ("v v u 1", True),
        ("v v u 2", False),
        ("", None),
    ],
)
def test_understands_what_gnome_and_the_portal_answer(output: str, says: bool | None) -> None:
    assert answer_says(output) is says


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[Colors:Window]\nBackgroundNormal=42,46,50\n[WM]\nx=1\n", True),
        ("[Colors:Window]\nBackgroundNormal=239,240,241\n", False),
        ("[Colors:View]\nBackgroundNormal=1,2,3\n[General]\nColorScheme=BreezeLight\n", False),
        ("[General]\nfont=x\nColorScheme=BreezeDark\n", True),
        ("[Colors:Window]\nBackgroundNormal=damaged\n", None),
    ],
)
def test_understands_kde(text: str, says: bool | None) -> None:
    assert kde_says(text) is says


def test_understands_the_settings_of_gtk() -> None:
    assert gtk_says("[Settings]\ngtk-application-prefer-dark-theme=1\n") is True
    assert gtk_says("[Settings]\ngtk-theme-name=Arc-Dark\n") is True
    assert gtk_says("[Settings]\ngtk-theme-name=Adwaita\n") is False
    assert gtk_says("") is None


@pytest.mark.parametrize(
    ("environment", "program"),
    [
        ({}, None),
        ({"GTK_THEME": "Adwaita:dark", "XDG_CURRENT_DESKTOP": "GNOME"}, None),
        ({"XDG_CURRENT_DESKTOP": "KDE"}, None),
        ({"XDG_CURRENT_DESKTOP": "ubuntu:GNOME"}, "gsettings"),
        ({"XDG_CURRENT_DESKTOP": "sway"}, "gdbus"),
    ],
)
def test_starts_one_process_at_most_and_none_where_a_file_says_it(
    environment: dict[str, str], program: str | None, tmp_path: Path
) -> None:
    started: list[str] = []

    def run(command: tuple[str, ...]) -> str:
        started.append(command[0])
        return ""

    (tmp_path / ".config").mkdir()
    (tmp_path / ".config/kdeglobals").write_text("[General]\nColorScheme=BreezeDark\n")
    is_dark = is_linux_dark(environment, tmp_path, lambda name: name, run)
    assert started == ([program] if program else [])
    assert is_dark == (
        environment.get("XDG_CURRENT_DESKTOP") == "KDE" or "GTK_THEME" in environment
    )


def test_does_not_wait_for_a_desktop_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(darkness, "_PATIENCE_SECONDS", 0.01)
    assert darkness._run(("sleep", "60")) == ""


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_all_texts_can_be_read(colours: Colours) -> None:
    c = colours
    on_grounds = [(text, ground) for text in (c.text, c.faint) for ground in (c.card, c.ground)]
    pairs = [*on_grounds, (c.text, c.line), (c.on_accent, c.accent)]
    pairs += [(said, c.card) for said in (c.good, c.bad, c.accent)]
    assert [pair for pair in pairs if contrast(*pair) < LEAST_CONTRAST] == []


def contrast(one: str, other: str) -> float:
    """By the rule of WCAG 2."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


STATES = ((), ("active",), ("pressed",), ("focus",), ("selected",), ("readonly",), ("alternate",))
STYLES = {
    "TLabel": "background",
    "Title.TLabel": "background",
    "Headline.TLabel": "background",
    "Faint.TLabel": "background",
    "Bad.TLabel": "background",
    "Trouble.TLabel": "background",
    "Good.TLabel": "background",
    "TCheckbutton": "background",
    "TButton": "background",
    "Accent.TButton": "background",
    "Quiet.TButton": "background",
    "TEntry": "fieldbackground",
    "TCombobox": "fieldbackground",
    "Treeview": "background",
    "Heading": "background",
}


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_every_control_can_be_read_in_every_state(
    is_dark: bool, display: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setenv("GTK_THEME", "Adwaita:dark" if is_dark else "Adwaita")
    root = connect_screen()
    assert root is not None
    dress(root)
    style = ttk.Style(root)
    unreadable = {
        f"{name} {' '.join(state)}"
        for name, ground in STYLES.items()
        for state in STATES
        if contrast(style.lookup(name, "foreground", state), style.lookup(name, ground, state))
        < LEAST_CONTRAST
    }
    field, choices = tkinter.Text(root), ttk.Combobox(root, values=["one"])
    root.tk.call("ttk::combobox::PopdownWindow", choices)
    popdown = f"{choices}.popdown.f.l"
    pairs = {
        (str(root.tk.call(path, "cget", f"-{text}")), str(root.tk.call(path, "cget", f"-{ground}")))
        for path in (str(field), popdown)
        for text, ground in (
            ("foreground", "background"),
            ("selectforeground", "selectbackground"),
        )
    }
    root.destroy()
    assert unreadable == set()
    assert [pair for pair in pairs if contrast(*pair) < LEAST_CONTRAST] == []


@pytest.mark.parametrize("person", [Taste(is_dark=True)], ids=["dark"], indirect=True)
def test_what_ttk_does_not_draw_is_dark_too(
    person: Person, site: SiteDouble, tmp_path: Path
) -> None:
    path = tmp_path / "t.passalong"
    path.write_bytes(ticket.write(site.ticket()))
    person.window.give(Request(("publish", str(path))))
    person.sees("Publish on Alice's site")
    person.clicks("Settings")
    person.sees("Save downloads in")
    shown = {
        type(widget): str(widget.cget("background"))
        for widget in person.widgets()
        if isinstance(widget, tkinter.Text | tkinter.Canvas | tkinter.Toplevel)
    }
    assert {tkinter.Text, tkinter.Canvas} < shown.keys()
    assert set(shown.values()) <= {DARK.card, DARK.ground}
