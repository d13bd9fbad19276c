"""The last window: asks before uninstalling where no terminal can, and says how it went.

What uninstalling does is passed in. While it goes on, the program's own files disappear, so
whatever Tk would load later is loaded before.
"""

import gc
import tkinter
from collections.abc import Callable
from tkinter import ttk

from client.gui.errand import Errand
from client.gui.style import dress, scaled
from client.words import gettext as _

_WIDTH = 440
_LOOK_MILLISECONDS = 50

# Takes whether settings and list are to be forgotten too, and says what came of it.
Uninstall = Callable[[bool], str]


def say_farewell(root: tkinter.Tk, uninstall: Uninstall) -> str:
    """Ask, and do it if that is wished; the result says why it failed, if it did."""
    gc.disable()  # What belongs to Tk may die in its own thread only.
    dress(root)
    farewell = Farewell(root, uninstall)
    root.deiconify()
    root.lift()
    root.mainloop()
    root.destroy()
    return farewell.failure


class Farewell:
    """A question with a box to tick, then the news."""

    def __init__(self, root: tkinter.Tk, uninstall: Uninstall) -> None:
        self.failure = ""
        self._root = root
        self._uninstall = uninstall
        self._errand: Errand | None = None
        self._is_forgetting = tkinter.BooleanVar(root, value=False)
        root.title(_("Uninstall Passalong"))
        root.resizable(width=False, height=False)
        root.protocol("WM_DELETE_WINDOW", self._close)
        root.bind("<Escape>", lambda _: self._close())
        _load_everything(root)
        self._ask()
        _centre(root)

    def _ask(self) -> None:
        body = self._page(
            _("Uninstall Passalong?"),
            _(
                "What you have downloaded stays where it is. Downloads that are not complete yet "
                "will not go on, and what you share is no longer there for others."
            ),
        )
        ttk.Checkbutton(
            body,
            text=_("Forget my settings and the list of downloads too"),
            variable=self._is_forgetting,
        ).pack(anchor="w", pady=(0, 18))
        self._buttons(body, (_("Uninstall"), self._begin), (_("Do not uninstall"), self._root.quit))

    def _begin(self) -> None:
        is_forgetting = self._is_forgetting.get()
        self._page(_("Uninstalling …"), _("This takes a moment."))
        self._errand = Errand(lambda: self._uninstall(is_forgetting))
        self._look()

    def _look(self) -> None:
        assert self._errand is not None
        if not self._errand.is_done:
            self._root.after(_LOOK_MILLISECONDS, self._look)
            return
        self.failure = self._errand.sentence
        if self.failure:
            body = self._page(_("This did not work"), self.failure)
        else:
            body = self._page(_("Done"), str(self._errand.result))
        self._buttons(body, (_("Close"), self._root.quit))

    def _close(self) -> None:
        """Half an uninstallation helps nobody, so one that has begun is awaited."""
        if self._errand is None or self._errand.is_done:
            self._root.quit()

    def _page(self, title: str, text: str) -> ttk.Frame:
        for child in self._root.winfo_children():
            child.destroy()
        width = scaled(self._root, _WIDTH)
        body = ttk.Frame(self._root, style="Card.TFrame", padding=24)
        body.pack(fill="both", expand=True)
        ttk.Label(body, text=title, style="Title.TLabel", wraplength=width).pack(anchor="w")
        ttk.Label(body, text=text, wraplength=width).pack(anchor="w", pady=(10, 18))
        return body

    def _buttons(self, body: ttk.Frame, *answers: tuple[str, Callable[[], None]]) -> None:
        """The first one is proposed: it has the keyboard."""
        row = ttk.Frame(body, style="Card.TFrame")
        row.pack(fill="x")
        for index, (label, command) in enumerate(answers):
            style = "TButton" if index else "Accent.TButton"
            button = ttk.Button(row, text=label, style=style, command=command)
            button.pack(side="left", padx=(0, 10))
            if not index:
                button.bind("<Map>", lambda event: event.widget.focus_force())


def _load_everything(root: tkinter.Tk) -> None:
    """Tk reads some of its own commands when they are needed first, as the one for Tab."""
    root.tk.eval("foreach name [array names ::auto_index] {catch {auto_load $name}}")


def _centre(root: tkinter.Tk) -> None:
    root.update_idletasks()
    x = (root.winfo_screenwidth() - root.winfo_reqwidth()) // 2
    y = (root.winfo_screenheight() - root.winfo_reqheight()) // 3
    root.geometry(f"+{max(0, x)}+{max(0, y)}")
