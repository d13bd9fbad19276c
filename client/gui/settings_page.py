"""The settings: one small page; every choice counts at once and is remembered."""

import tkinter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tkinter import ttk

from client.folders.places import downloads_folder, full_path
from client.folders.preferences import Preferences
from client.gui.desktop import choose_folder
from client.gui.dialogs import centre
from client.words import LANGUAGES
from client.words import gettext as _
from installer.errors import PassalongError

Change = Callable[[Preferences], None]


class SettingsPage(tkinter.Toplevel):
    """A window of its own over the list."""

    def __init__(
        self, window: tkinter.Misc, preferences: Preferences, change: Change, *, is_installed: bool
    ) -> None:
        super().__init__(window)
        self.title(_("Settings"))
        self.resizable(width=False, height=False)
        self.transient(window.winfo_toplevel())
        self._change = change
        self._preferences = preferences
        self._body = ttk.Frame(self, style="Card.TFrame", padding=24)
        self._body.pack(fill="both", expand=True)
        self._body.columnconfigure(1, weight=1)
        self._folder = tkinter.StringVar(self, preferences.save_folder or str(downloads_folder()))
        self._upload = tkinter.StringVar(self, str(preferences.max_upload))
        self._download = tkinter.StringVar(self, str(preferences.max_download))
        self._is_polite = tkinter.BooleanVar(self, preferences.is_polite)
        self._starts = tkinter.BooleanVar(self, preferences.starts_with_computer)
        self._handles = tkinter.BooleanVar(self, preferences.handles_links)
        self._closing = {
            "ask": _("Ask me"),
            "share": _("Keep sharing quietly"),
            "stop": _("Stop sharing"),
        }
        self._languages = {"": _("As the computer")} | LANGUAGES
        self._add_folder()
        self._add_number(_("Send at most"), self._upload)
        self._add_number(_("Receive at most"), self._download)
        self._add_check(_("Polite: send slower while others need the line"), self._is_polite)
        self._on_close = self._add_choice(
            _("When the window closes"), self._closing, preferences.on_close
        )
        self._language = self._add_choice(_("Language"), self._languages, preferences.language)
        if is_installed:
            self._add_check(_("Start with the computer while I share something"), self._starts)
            self._add_check(_("Open .torrent files and magnet links with Passalong"), self._handles)
        close = ttk.Button(self._body, text=_("Done"), style="Accent.TButton", command=self._finish)
        close.grid(column=0, columnspan=3, sticky="e", pady=(18, 0))
        close.focus_set()
        centre(self, window.winfo_toplevel())
        self.bind("<Escape>", lambda _: self._finish())
        self.protocol("WM_DELETE_WINDOW", self._finish)

    def _add_folder(self) -> None:
        self._label(_("Save downloads in"))
        row = self._row()
        ttk.Entry(self._body, textvariable=self._folder, width=34).grid(
            row=row, column=1, sticky="ew", pady=5
        )
        ttk.Button(self._body, text=_("Change …"), command=self._choose).grid(
            row=row, column=2, padx=(8, 0)
        )

    def _add_number(self, text: str, variable: tkinter.StringVar) -> None:
        self._label(text)
        field = ttk.Frame(self._body, style="Card.TFrame")
        field.grid(row=self._row(), column=1, sticky="w", pady=5)
        ttk.Entry(field, textvariable=variable, width=8, justify="right").pack(side="left")
        ttk.Label(field, text=_("kB/s (0 is no limit)"), style="Faint.TLabel").pack(
            side="left", padx=8
        )

    def _add_check(self, text: str, variable: tkinter.BooleanVar) -> None:
        ttk.Checkbutton(self._body, text=text, variable=variable).grid(
            column=0, columnspan=3, sticky="w", pady=6
        )

    def _add_choice(self, text: str, choices: dict[str, str], chosen: str) -> ttk.Combobox:
        self._label(text)
        field = ttk.Combobox(self._body, values=list(choices.values()), state="readonly", width=24)
        field.current(list(choices).index(chosen))
        field.grid(row=self._row(), column=1, sticky="w", pady=5)
        return field

    def _label(self, text: str) -> None:
        ttk.Label(self._body, text=text).grid(column=0, sticky="w", padx=(0, 16), pady=5)

    def _row(self) -> int:
        return self._body.grid_size()[1] - 1

    def _choose(self) -> None:
        try:
            start = full_path(Path(self._folder.get()))
        except PassalongError:
            start = downloads_folder()
        choose_folder(self, _("Save downloads in"), start, lambda p: self._folder.set(str(p)))

    def _finish(self) -> None:
        folder = self._folder.get().strip()
        self._change(
            replace(
                self._preferences,
                save_folder="" if folder == str(downloads_folder()) else folder,
                max_upload=_number(self._upload.get(), self._preferences.max_upload),
                max_download=_number(self._download.get(), self._preferences.max_download),
                is_polite=self._is_polite.get(),
                on_close=list(self._closing)[self._on_close.current()],
                language=list(self._languages)[self._language.current()],
                starts_with_computer=self._starts.get(),
                handles_links=self._handles.get(),
            )
        )
        self.destroy()


def _number(text: str, before: int) -> int:
    """A limit as typed; what is no number changes nothing."""
    return int(text) if text.strip().isascii() and text.strip().isdigit() else before
