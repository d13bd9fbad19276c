"""Which files of a download are wanted, and which of them first: a list for keyboard and mouse."""

import tkinter
from collections.abc import Callable, Sequence
from tkinter import ttk

from client.engine.transfer import FIRST, NORMAL, SKIPPED
from client.gui.dialogs import centre
from client.gui.style import scaled
from client.words import gettext as _
from client.words import printable, size
from installer.formats.metainfo import File

_NEXT = {NORMAL: SKIPPED, SKIPPED: FIRST, FIRST: NORMAL}


class FilesPage(tkinter.Toplevel):
    """A window of its own; `choose` is told one digit for each file when it is closed."""

    def __init__(
        self,
        window: tkinter.Misc,
        files: Sequence[File],
        priorities: str,
        choose: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self.title(_("Files"))
        self.transient(window.winfo_toplevel())
        self._choose = choose
        self._priorities = list(priorities or NORMAL * len(files))
        body = ttk.Frame(self, style="Card.TFrame", padding=20)
        body.pack(fill="both", expand=True)
        explanation = _("Space or a click changes a file: normal, skip, first.")
        ttk.Label(body, text=explanation, style="Faint.TLabel").pack(anchor="w", pady=(0, 8))
        buttons = ttk.Frame(body, style="Card.TFrame")
        buttons.pack(side="bottom", fill="x", pady=(12, 0))
        self._add_button(buttons, _("All"), lambda: self._set_all(NORMAL), "left")
        self._add_button(buttons, _("None"), lambda: self._set_all(SKIPPED), "left")
        self._done = self._add_button(buttons, _("Done"), self._finish, "right")
        self._done.configure(style="Accent.TButton")
        self._table = self._add_table(body, files)
        self._draw()
        self.bind("<Escape>", lambda _: self._finish())
        self.protocol("WM_DELETE_WINDOW", self._finish)
        centre(self, window.winfo_toplevel())
        self._table.focus_set()

    def _add_button(
        self, row: ttk.Frame, text: str, command: Callable[[], None], side: str
    ) -> ttk.Button:
        button = ttk.Button(row, text=text, command=command)
        button.pack(side="left" if side == "left" else "right", padx=(0, 8 * (side == "left")))
        return button

    def _add_table(self, body: ttk.Frame, files: Sequence[File]) -> ttk.Treeview:
        table = ttk.Treeview(body, columns=("size", "wish"), selectmode="browse", height=12)
        table.heading("#0", text=_("Name"), anchor="w")
        table.heading("size", text=_("Size"), anchor="e")
        table.heading("wish", text=_("What to do"), anchor="w")
        table.column("#0", width=scaled(self, 320))
        table.column("size", width=scaled(self, 90), anchor="e", stretch=False)
        table.column("wish", width=scaled(self, 110), stretch=False)
        for index, file in enumerate(files):
            name = printable("/".join(file.path))
            table.insert("", "end", iid=str(index), text=name, values=(size(file.length), ""))
        bar = ttk.Scrollbar(body, command=table.yview)
        table.configure(yscrollcommand=bar.set)
        bar.pack(side="right", fill="y")
        table.pack(side="left", fill="both", expand=True)
        table.bind("<space>", lambda _: self._change(table.focus()))
        table.bind("<ButtonRelease-1>", lambda event: self._change(table.identify_row(event.y)))
        table.focus("0")
        table.selection_set("0")
        return table

    def _change(self, row: str) -> None:
        if row:
            self._priorities[int(row)] = _NEXT[self._priorities[int(row)]]
            self._draw()

    def _set_all(self, priority: str) -> None:
        self._priorities = [priority] * len(self._priorities)
        self._draw()

    def _draw(self) -> None:
        words = {NORMAL: _("Normal"), SKIPPED: _("Skip"), FIRST: _("First")}
        for index, priority in enumerate(self._priorities):
            self._table.set(str(index), "wish", words[priority])
        is_something = any(priority != SKIPPED for priority in self._priorities)
        self._done.state(["!disabled" if is_something else "disabled"])

    def _finish(self) -> None:
        if self._done.instate(["disabled"]):
            return
        self._choose("".join(self._priorities))
        self.destroy()
