"""One transfer as a row of the window: draws what the presenter says, and passes clicks on."""

import tkinter
from collections.abc import Callable
from tkinter import ttk

from client.gui.flow import Flow
from client.gui.presenter import Card, Deed, Mood, label
from client.gui.style import dress_text
from client.gui.tuning_row import Controls, TuningRow
from client.words import gettext as _

PADDING = 18
_BORDERS = 4

Act = Callable[[Deed], None]
Explain = Callable[[], str]

_BARS = {
    Mood.BUSY: "Busy.Horizontal.TProgressbar",
    Mood.GOOD: "Good.Horizontal.TProgressbar",
    Mood.STILL: "Still.Horizontal.TProgressbar",
    Mood.BAD: "Bad.Horizontal.TProgressbar",
}
_HEADLINES = {Mood.GOOD: "Good.TLabel", Mood.BAD: "Trouble.TLabel"}


class Paper(ttk.Frame):
    """A card's ground; its texts are as wide as it is."""

    def __init__(self, parent: tkinter.Misc) -> None:
        super().__init__(parent, style="Card.TFrame", padding=PADDING)
        self._labels: list[ttk.Label] = []
        self.columnconfigure(0, weight=1)
        self.bind("<Configure>", self._wrap)

    def add_label(self, text: str = "", style: str = "TLabel") -> ttk.Label:
        """A text that wraps; the caller says where it goes."""
        made = ttk.Label(self, text=text, style=style)
        self._labels.append(made)
        return made

    def _wrap(self, event: "tkinter.Event[tkinter.Misc]") -> None:
        for made in self._labels:
            # A label has a border of its own, which the text must not run into.
            made.configure(wraplength=max(100, event.width - 2 * PADDING - _BORDERS))


class TransferCard(Paper):
    """Title, bar, what happens, and the buttons that make sense at this moment."""

    def __init__(
        self, parent: tkinter.Misc, act: Act, explain: Explain, control: Callable[[], Controls]
    ) -> None:
        super().__init__(parent)
        self._act = act
        self._explain = explain
        self._control = control
        self._card: Card | None = None
        self._title = self.add_label(style="Title.TLabel")
        self._origin = self.add_label(style="Faint.TLabel")
        self._headline = self.add_label(style="Headline.TLabel")
        self._bar = ttk.Progressbar(self, maximum=100)
        self._figures = self.add_label()
        self._people = self.add_label()
        self._notice = self.add_label()
        self._advice = self.add_label(style="Faint.TLabel")
        self._is_shared = tkinter.BooleanVar(self)
        self._sharing = ttk.Checkbutton(
            self,
            text=_("Keep sharing (helps others)"),
            variable=self._is_shared,
            command=self._share,
        )
        self._buttons = Flow(self)
        self._made: dict[Deed, ttk.Button] = {}
        self._fold = ttk.Button(self._buttons, style="Quiet.TButton", command=self._toggle)
        self._details: tkinter.Text | None = None
        self._tuning: TuningRow | None = None

    def show(self, card: Card) -> None:
        """Draw this moment; only what changed is touched."""
        before, self._card = self._card, card
        if self._details is not None:
            self._fill_details()
        if card == before:
            return
        self._title.configure(text=card.title)
        self._headline.configure(
            text=card.headline, style=_HEADLINES.get(card.mood, "Headline.TLabel")
        )
        self._advice.configure(style="TLabel" if card.mood is Mood.BAD else "Faint.TLabel")
        rows: list[tuple[tkinter.Widget, bool, tuple[int, int]]] = [
            (self._title, True, (0, 0)),
            (self._set(self._origin, card.origin), bool(card.origin), (2, 0)),
            (self._headline, bool(card.headline), (12, 0)),
            (self._draw_bar(card), card.mood is Mood.BUSY or card.percent is not None, (6, 6)),
            (self._set(self._figures, card.figures), bool(card.figures), (0, 0)),
            (self._set(self._people, card.people), bool(card.people), (2, 0)),
            (self._set(self._notice, card.notice), bool(card.notice), (6, 0)),
            (self._set(self._advice, card.advice), bool(card.advice), (6, 0)),
            (self._sharing, card.is_sharing is not None, (12, 0)),
            (self._buttons, True, (14, 0)),
        ]
        self._is_shared.set(bool(card.is_sharing))
        for row, (widget, is_shown, space) in enumerate(rows):
            if is_shown:
                widget.grid(row=row, column=0, sticky="ew", pady=space)
            else:
                widget.grid_remove()
        if before is None or before.deeds != card.deeds:
            self._draw_buttons(card.deeds)

    def _set(self, made: ttk.Label, text: str) -> ttk.Label:
        made.configure(text=text)
        return made

    def _draw_bar(self, card: Card) -> ttk.Progressbar:
        if card.percent is None and card.mood is Mood.BUSY:
            self._bar.configure(mode="indeterminate", style=_BARS[card.mood])
            self._bar.start(30)
        else:
            self._bar.stop()
            self._bar.configure(mode="determinate", value=card.percent or 0, style=_BARS[card.mood])
        return self._bar

    def _draw_buttons(self, deeds: tuple[Deed, ...]) -> None:
        for deed, button in list(self._made.items()):
            if deed not in deeds:
                # A button that goes while it has the focus leaves it to its neighbours.
                if button.focus_get() is button:
                    self._fold.focus_set()
                button.destroy()
                del self._made[deed]
        for deed in deeds:
            if deed not in self._made:
                self._made[deed] = ttk.Button(
                    self._buttons,
                    text=label(deed),
                    command=lambda deed=deed: self._act(deed),  # type: ignore[misc]
                )
        self._fold.configure(text=self._fold_label())
        self._buttons.show([*(self._made[deed] for deed in deeds), self._fold])

    def _share(self) -> None:
        self._act(Deed.SHARE if self._is_shared.get() else Deed.STOP_SHARING)

    def _fold_label(self) -> str:
        return ("▾ " if self._details is not None else "▸ ") + _("Details")

    def _toggle(self) -> None:
        if self._details is None:
            self._details = tkinter.Text(self, height=9, wrap="word", font="TkFixedFont")
            dress_text(self._details, "Ground.TFrame")
            # Tk would pass over what cannot be written in, and keys could not scroll it.
            self._details.configure(takefocus=True)
            self._details.grid(row=20, column=0, sticky="ew", pady=(12, 0))
            self._details.bind("<Tab>", leave)
            self._fill_details()
            self._tuning = TuningRow(self, self._control())
            self._tuning.grid(row=21, column=0, sticky="ew")
        else:
            self._details.destroy()
            self._details = None
            if self._tuning is not None:
                self._tuning.destroy()
        self._fold.configure(text=self._fold_label())

    def _fill_details(self) -> None:
        assert self._details is not None
        text = self._explain()
        if text == self._details.get("1.0", "end-1c"):
            return
        top = self._details.yview()[0]
        self._details.configure(state="normal")
        self._details.replace("1.0", "end", text)
        self._details.configure(state="disabled")
        self._details.yview_moveto(top)


def leave(event: "tkinter.Event[tkinter.Text]") -> str:
    """Let Tab leave a field of text, as it leaves every other."""
    following = event.widget.tk_focusNext()
    if following is not None:
        following.focus_set()
    return "break"
