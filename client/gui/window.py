"""The one window: its bar of buttons, its timer, how it comes and goes.

What it shows and does is decided by `desk`; nothing here waits for anything but the person.
"""

import gc
import logging
import queue
import time
import tkinter
from collections.abc import Callable, Sequence
from tkinter import ttk
from types import TracebackType

from client.folders.preferences import Preferences
from client.gui.answers import Answers
from client.gui.chosen import Chosen, Remember
from client.gui.deeds import Deeds
from client.gui.desk import Desk
from client.gui.desktop import choose_file, speak_in_dialogs
from client.gui.dialogs import Answer, ask
from client.gui.incoming import Incoming
from client.gui.message import Message
from client.gui.rows import Rows
from client.gui.style import scaled
from client.gui.transfer import Transfer
from client.opening.handover import Request
from client.words import gettext as _
from client.words import sentence
from installer.errors import PassalongError

_log = logging.getLogger("passalong.window")

_LOOK_MILLISECONDS = 100
_DRAW_EVERY = 3
_COLLECT_EVERY = 100
_GRACE_SECONDS = 15.0
# The width is what the longest row of buttons takes.
_SIZE = 720, 560
_LEAST = 720, 320
_BARS_OF_DESKTOP = 80


class Window:
    """Draws the desk and asks the person."""

    def __init__(
        self,
        root: tkinter.Tk,
        desk: Desk,
        preferences: Preferences,
        remember: Remember,
        *,
        is_installed: bool = False,
    ) -> None:
        self._root = root
        self._desk = desk
        self._is_installed = is_installed
        self._chosen = Chosen(preferences, remember, self.tell, self._build_again)
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._incoming = Incoming(desk, self.tell)
        self._answers = Answers(desk, is_installed=is_installed)
        self._rows = Rows(root, desk, Deeds(root, desk), self._answers, self._chosen.save_folder)
        self._looks = 0
        self._is_quitting = False
        self._hidden_until: float | None = None
        self._seen_stuck: set[Transfer] = set()
        # What a button or a look runs into is said; the window itself goes on.
        root.report_callback_exception = self._report
        root.title("Passalong")
        root.geometry("{}x{}".format(*self._fitting(_SIZE)))
        root.minsize(*self._fitting(_LEAST))
        root.protocol("WM_DELETE_WINDOW", self.close)
        root.bind("<Control-o>", lambda _: self._choose())
        root.bind("<Control-q>", lambda _: self.quit())
        self._build()
        self._look()

    def give(self, request: Request) -> None:
        """Open what a start was given; may be called by any thread."""
        self._inbox.put(lambda: self._open(request))

    def quit_soon(self) -> None:
        """End as if the person had asked for it; may be called by any thread or signal."""
        self._inbox.put(self.quit)

    def tell(self, message: Message) -> None:
        """Show it until it is dismissed."""
        self._rows.tell(message)

    def close(self) -> None:
        """The person closes the window: go on quietly, or end."""
        answer = self._chosen.on_close
        if not self._desk.is_busy:
            answer = "stop"
        elif answer == "ask":
            answer = self._ask_about_closing()
        if answer == "share":
            self.hide()
        elif answer == "stop":
            self.quit()

    def quit(self) -> None:
        """End; what runs is kept and goes on at the next start."""
        self._is_quitting = True
        self._root.withdraw()
        self._close_dialogs()
        self._root.quit()

    def _close_dialogs(self) -> None:
        """A question that nobody sees any more would be waited for all the same."""
        tk = self._root.tk
        # Asked of Tk, since its own file dialogs are no widgets of Python's.
        for name in tk.splitlist(tk.call("winfo", "children", ".")):
            if str(tk.call("winfo", "toplevel", name)) == str(name):
                tk.call("destroy", name)

    def hide(self) -> None:
        """Go on without being seen, for as long as something goes on or is to be tried again."""
        self._hidden_until = time.monotonic() + _GRACE_SECONDS
        self._root.withdraw()

    def show(self) -> None:
        """Come to the front."""
        self._hidden_until = None
        self._root.deiconify()
        self._root.lift()
        (self._root.focus_lastfor() or self._root).focus_force()

    def _fitting(self, size: tuple[int, int]) -> tuple[int, int]:
        """This size as the texts are scaled, but no larger than the screen."""
        width, height = (scaled(self._root, side) for side in size)
        room = self._root.winfo_screenheight() - scaled(self._root, _BARS_OF_DESKTOP)
        return min(width, self._root.winfo_screenwidth()), min(height, room)

    def _build(self) -> None:
        speak_in_dialogs(self._root)
        bar = ttk.Frame(self._root, style="Ground.TFrame", padding=(16, 12))
        bar.pack(side="bottom", fill="x")
        ttk.Button(bar, text=_("Open …"), command=self._choose).pack(side="left")
        ttk.Button(bar, text=_("Settings"), command=self._show_settings).pack(side="right")
        self._rows.build()

    def _look(self) -> None:
        try:
            self._look_once()
        finally:
            if not self._is_quitting:
                self._root.after(_LOOK_MILLISECONDS, self._look)

    def _look_once(self) -> None:
        while not self._inbox.empty():
            self._inbox.get()()
        if self._is_quitting:
            return
        self._rows.look()
        is_news = self._desk.look()
        while self._desk.messages:
            self.tell(self._desk.messages.pop())
        self._chosen.look()
        self._answers.show_new_pages()
        is_news |= self._incoming.look()
        if is_news or self._looks % _DRAW_EVERY == 0:
            self._rows.draw()
        if self._looks % _COLLECT_EVERY == 0:
            # Tk's values may die in this thread only, so `starting` has taken it from the others.
            gc.collect()
        self._looks += 1
        self._show_what_is_stuck()
        if self._is_useless():
            self.quit()

    def _show_what_is_stuck(self) -> None:
        """What failed for good while nobody saw it is shown, once."""
        stuck = self._desk.stuck
        if self._hidden_until is not None and stuck - self._seen_stuck:
            self.show()
        self._seen_stuck = stuck

    def _report(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Tk tells of an exception of its callbacks here."""
        if isinstance(error, PassalongError):
            self.tell(Message(_("This did not work"), sentence(error)))
        else:
            _log.error("The window went on after this.", exc_info=(kind, error, trace))

    def _is_useless(self) -> bool:
        """Nobody sees us, nothing is left to do, and nobody has come to hand something over."""
        is_busy = self._desk.is_busy or self._incoming.is_busy
        return (
            self._hidden_until is not None and not is_busy and time.monotonic() > self._hidden_until
        )

    def _open(self, request: Request) -> None:
        if request.words == ("quit",):
            self.quit()
            return
        self.show()
        if request != Request():
            self._incoming.open(request)

    def _ask_about_closing(self) -> str:
        answer = ask(
            self._root,
            _("Keep sharing?"),
            _(
                "Others may be getting something from you at this moment. Passalong can go on "
                "quietly without its window; start it again to see it. You will not be asked "
                "again; the settings can change it."
            ),
            [Answer(_("Keep sharing quietly"), "share"), Answer(_("Stop"), "stop")],
        )
        if answer:
            self._chosen.close_so(answer)
        return answer

    def _choose(self) -> None:
        question = _("Which file should be opened? It ends in .torrent or .passalong")
        choose_file(
            self._root,
            question,
            lambda path: self._open(Request(("open", str(path)))),
            kinds="*.torrent *.passalong",
        )

    def _show_settings(self) -> None:
        self._chosen.show_page(self._root, is_installed=self._is_installed)

    def _build_again(self) -> None:
        """Every text is drawn once, so another language draws everything anew."""
        children: Sequence[tkinter.Misc] = self._root.winfo_children()
        for child in children:
            if not isinstance(child, tkinter.Toplevel):
                child.destroy()
        self._build()
        self._rows.draw()
