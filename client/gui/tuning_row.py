"""The controls in the Details fold: for those who want to say how one transfer is to go."""

import tkinter
from collections.abc import Callable
from dataclasses import dataclass, replace
from tkinter import ttk

from client.engine.transfer import Limits, Tuning
from client.words import gettext as _

_MOST = 10_000_000


@dataclass(frozen=True, slots=True)
class Controls:
    """What the row calls. `link` is empty as long as nobody knows which torrent it will be.

    `find_files` answers later, with what lets the person choose, if there is something to choose.
    """

    tuning: Callable[[], Tuning]
    tune: Callable[[Tuning], None]
    link: Callable[[], str]
    find_files: Callable[[Callable[[Callable[[], None]], None]], None]
    is_download: bool = True


class TuningRow(ttk.Frame):
    """In order or not, limits of this transfer, its files, its magnet link."""

    def __init__(self, parent: tkinter.Misc, controls: Controls) -> None:
        super().__init__(parent, style="Card.TFrame")
        self._controls = controls
        now = controls.tuning()
        self._is_in_order = tkinter.BooleanVar(self, now.is_in_order)
        self._upload = tkinter.StringVar(self, str(now.limits.upload // 1000))
        self._download = tkinter.StringVar(self, str(now.limits.download // 1000))
        if controls.is_download:
            ttk.Checkbutton(
                self,
                text=_("From beginning to end (to watch it meanwhile)"),
                variable=self._is_in_order,
                command=self._tune,
            ).grid(row=0, column=0, columnspan=3, sticky="w", pady=(8, 4))
        self._add_limit(_("Send at most"), self._upload, 1)
        if controls.is_download:
            self._add_limit(_("Receive at most"), self._download, 2)
        buttons = ttk.Frame(self, style="Card.TFrame")
        buttons.grid(row=3, column=0, columnspan=3, sticky="w", pady=(8, 0))
        self._add_button(buttons, _("Copy magnet link"), self._copy)
        controls.find_files(lambda choose: self._add_files(buttons, choose))

    def _add_limit(self, text: str, variable: tkinter.StringVar, row: int) -> None:
        ttk.Label(self, text=text).grid(row=row, column=0, sticky="w", padx=(0, 12))
        field = ttk.Entry(self, textvariable=variable, width=7, justify="right")
        field.grid(row=row, column=1, pady=3)
        unit = ttk.Label(self, text=_("kB/s (0 is no limit)"), style="Faint.TLabel")
        unit.grid(row=row, column=2, sticky="w", padx=8)
        field.bind("<Return>", lambda _: self._tune())
        field.bind("<FocusOut>", lambda _: self._tune())

    def _add_button(self, row: ttk.Frame, text: str, command: Callable[[], None]) -> None:
        ttk.Button(row, text=text, command=command).pack(side="left", padx=(0, 8))

    def _add_files(self, row: ttk.Frame, choose: Callable[[], None]) -> None:
        if row.winfo_exists():
            self._add_button(row, _("Files …"), choose)

    def _tune(self) -> None:
        before = self._controls.tuning()
        limits = Limits(
            _rate(self._upload.get(), before.limits.upload),
            _rate(self._download.get(), before.limits.download),
        )
        wanted = replace(before, is_in_order=self._is_in_order.get(), limits=limits)
        if wanted != before:
            self._controls.tune(wanted)

    def _copy(self) -> None:
        if link := self._controls.link():
            self.clipboard_clear()
            self.clipboard_append(link)


def _rate(text: str, before: int) -> int:
    """A limit as typed; what is no number changes nothing."""
    text = text.strip()
    is_number = text.isascii() and text.isdigit() and int(text) <= _MOST
    return int(text) * 1000 if is_number else before
