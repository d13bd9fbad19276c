"""The one window: questions and transfers as rows, a bar with three buttons, closing.

What it shows and does is decided by `desk`; nothing here waits for anything but the person.
"""

import gc
import logging
import queue
import time
import tkinter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tkinter import ttk
from types import TracebackType

from client.engine.transfer import Tuning
from client.folders.places import downloads_folder, full_path
from client.folders.preferences import Preferences
from client.gui.cards import TransferCard
from client.gui.desk import Desk, Question, Transfer
from client.gui.desktop import choose_file, open_folder, open_page
from client.gui.details import explain, magnet_link
from client.gui.dialogs import Answer, ask
from client.gui.files_page import FilesPage
from client.gui.opening import Opened, understand_later
from client.gui.presenter import Deed, total
from client.gui.questions import DownloadQuestion, MessageCard, PublishQuestion
from client.gui.scrolling import ScrollingColumn
from client.gui.settings_page import SettingsPage
from client.gui.style import scaled
from client.gui.tuning_row import Controls
from client.jobs.download import Saving, check_saving
from client.opening.handover import Request
from client.opening.welcoming import welcome_page
from client.opening.what import Torrent
from client.site.publishing import Words
from client.words import gettext as _
from installer.errors import PassalongError
from installer.formats.ticket import Ticket

_log = logging.getLogger("passalong.window")

_LOOK_MILLISECONDS = 100
_DRAW_EVERY = 3
_COLLECT_EVERY = 100
_GRACE_SECONDS = 15.0
_WIDTH, _HEIGHT = 680, 560

Row = TransferCard | DownloadQuestion | PublishQuestion | MessageCard
Remember = Callable[[Preferences], None]


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
        self._preferences = preferences
        self._remember = remember
        self._is_installed = is_installed
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._rows: dict[object, Row] = {}
        self._messages: list[str] = []
        self._save_to: dict[Question, Path] = {}
        self._unseen: list[Transfer] = []
        self._looks = 0
        self._is_quitting = False
        self._hidden_until: float | None = None
        self._waiting = 0
        # What a button or a look runs into is said; the window itself goes on.
        root.report_callback_exception = self._report
        root.title("Passalong")
        root.geometry(f"{scaled(root, _WIDTH)}x{scaled(root, _HEIGHT)}")
        root.minsize(420, 320)
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

    def say(self, sentence: str) -> None:
        """Show a sentence until it is dismissed."""
        if sentence not in self._messages:
            self._messages.insert(0, sentence)

    def close(self) -> None:
        """The person closes the window: go on quietly, or end."""
        answer = self._preferences.on_close
        if not self._desk.is_sharing:
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
        self._root.quit()

    def hide(self) -> None:
        """Go on without being seen, for as long as something is shared."""
        self._hidden_until = time.monotonic() + _GRACE_SECONDS
        self._root.withdraw()

    def show(self) -> None:
        """Come to the front."""
        self._hidden_until = None
        self._root.deiconify()
        self._root.lift()
        (self._root.focus_lastfor() or self._root).focus_force()

    def _build(self) -> None:
        bar = ttk.Frame(self._root, style="Ground.TFrame", padding=(16, 12))
        bar.pack(side="bottom", fill="x")
        ttk.Button(bar, text=_("Open a torrent or ticket …"), command=self._choose).pack(
            side="left"
        )
        ttk.Button(bar, text=_("Settings"), command=self._show_settings).pack(side="right")
        self._column = ScrollingColumn(self._root)
        self._column.pack(side="top", fill="both", expand=True)
        self._empty = ttk.Label(
            self._column.inside,
            style="Ground.TLabel",
            justify="center",
            text=_(
                "Nothing here yet.\n\nClick Download on the page of a site that uses Passalong."
            ),
        )

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
        self._desk.look()
        while self._desk.sentences:
            self.say(self._desk.sentences.pop())
        self._show_new_pages()
        if self._looks % _DRAW_EVERY == 0:
            self._draw()
        if self._looks % _COLLECT_EVERY == 0:
            # Tk's values may die in this thread only, so `starting` has taken it from the others.
            gc.collect()
        self._looks += 1
        if self._is_useless():
            self.quit()

    def _report(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Tk tells of an exception of its callbacks here."""
        if isinstance(error, PassalongError):
            self.say(str(error))
        else:
            _log.error("The window went on after this.", exc_info=(kind, error, trace))

    def _is_useless(self) -> bool:
        """Nobody sees us, nothing is left to do, and nobody has come to hand something over."""
        is_busy = self._desk.is_sharing or self._waiting
        return (
            self._hidden_until is not None and not is_busy and time.monotonic() > self._hidden_until
        )

    def _open(self, request: Request) -> None:
        if request.words == ("quit",):
            self.quit()
            return
        self.show()
        if request == Request():
            return
        self._waiting += 1
        understand_later(
            request,
            self._desk.state,
            lambda opened: self._inbox.put(lambda: self._opened(opened)),
        )

    def _opened(self, opened: Opened) -> None:
        self._waiting -= 1
        if opened.sentence:
            self.say(opened.sentence)
        elif opened.what is not None:
            if opened.is_shared and opened.path is not None and isinstance(opened.what, Torrent):
                self._desk.share(opened.what, opened.path)
            else:
                self._ask(opened)
        self._draw()

    def _ask(self, opened: Opened) -> None:
        assert opened.what is not None
        question = self._desk.ask(opened.what, opened.path)
        if question is None:
            return
        question.news = opened.news
        question.site_url = opened.site_url
        if opened.save_to is not None:
            self._save_to[question] = opened.save_to

    def _draw(self) -> None:
        """Bring the rows in line with the desk."""
        wanted: list[object] = [*self._messages, *self._desk.questions, *self._desk.transfers]
        for thing in [thing for thing in self._rows if thing not in wanted]:
            self._rows.pop(thing).destroy()
        for place, thing in enumerate(wanted):
            if thing not in self._rows:
                self._rows[thing] = self._row_for(thing)
            self._rows[thing].grid(row=place, column=0, sticky="ew", pady=(0, 12))
        cards = [transfer.card for transfer in self._desk.transfers]
        for transfer, card in zip(self._desk.transfers, cards, strict=True):
            row = self._rows[transfer]
            assert isinstance(row, TransferCard)
            row.show(card)
        self._root.title(total(cards))
        if wanted:
            self._empty.grid_forget()
        else:
            self._empty.grid(row=0, column=0, pady=120)

    def _row_for(self, thing: object) -> Row:
        inside = self._column.inside
        row: Row
        match thing:
            case Transfer():
                return TransferCard(
                    inside,
                    lambda deed: self._act(thing, deed),
                    lambda: explain(self._desk.details(thing), thing.progress),
                    lambda: self._controls_for(thing),
                )
            case Question(what=Ticket()):
                row = PublishQuestion(inside, thing, self._publish, self._desk.dismiss)
            case Question():
                folder = self._save_to.pop(thing, self._save_folder())
                row = DownloadQuestion(inside, thing, folder, self._download, self._desk.dismiss)
            case _:
                sentence = str(thing)
                row = MessageCard(inside, sentence, lambda: self._messages.remove(sentence))
        row.first.focus_set()
        return row

    def _controls_for(self, transfer: Transfer) -> Controls:
        is_download = not transfer.shelved.is_share_only
        files = self._desk.files(transfer) if is_download else ()

        def choose_files() -> None:
            FilesPage(self._root, files, transfer.tuning.priorities, take)

        def take(priorities: str) -> None:
            self._desk.tune(transfer, replace(transfer.tuning, priorities=priorities))

        return Controls(
            tuning=lambda: transfer.tuning,
            tune=lambda wanted: self._desk.tune(transfer, wanted),
            link=lambda: magnet_link(self._desk.details(transfer), transfer.progress),
            choose_files=choose_files if len(files) > 1 else None,
            is_download=is_download,
        )

    def _act(self, transfer: Transfer, deed: Deed) -> None:
        match deed:
            case Deed.PAUSE | Deed.STOP_SHARING:
                transfer.pause()
            case Deed.RESUME | Deed.SHARE:
                transfer.start()
            case Deed.OPEN_FOLDER if transfer.progress.place is not None:
                open_folder(transfer.progress.place)
            case Deed.OPEN_PAGE:
                open_page(transfer.progress.page_url)
            case Deed.CANCEL:
                self._cancel(transfer)
            case Deed.REMOVE:
                self._desk.cancel(transfer, is_deleted=False)
        self._draw()

    def _cancel(self, transfer: Transfer) -> None:
        answer = "keep"
        if transfer.progress.done_bytes and not transfer.shelved.is_share_only:
            answer = ask(
                self._root,
                _("Cancel this download?"),
                _("A part of it is on your disk already. What should happen to that part?"),
                [
                    Answer(_("Go on downloading"), ""),
                    Answer(_("Delete it"), "delete"),
                    Answer(_("Keep it"), "keep"),
                ],
            )
        if not answer:
            return
        try:
            self._desk.cancel(transfer, is_deleted=answer == "delete")
        except PassalongError as error:
            self.say(str(error))

    def _download(self, question: Question, folder: Path) -> None:
        try:
            assert not isinstance(question.what, Ticket)
            check_saving(question.what, Saving(folder), Tuning(question.priorities))
        except PassalongError as error:
            row = self._rows[question]
            assert isinstance(row, DownloadQuestion)
            row.say(str(error))
            return
        self._desk.download(question, folder)
        self._greet(question)
        self._draw()

    def _publish(self, question: Question, path: Path, words: Words) -> None:
        self._unseen.append(self._desk.publish(question, path, words))
        self._greet(question)
        self._draw()

    def _greet(self, question: Question) -> None:
        """Once per site: let its pages know that this computer has the client now."""
        if not self._is_installed or not question.site_url:
            return
        page = welcome_page(question.site_url, self._desk.state)
        if page is not None:
            open_page(page)

    def _show_new_pages(self) -> None:
        """A publisher wants to see what became of it."""
        for transfer in list(self._unseen):
            if transfer.progress.page_url:
                self._unseen.remove(transfer)
                open_page(transfer.progress.page_url)

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
            self._change(replace(self._preferences, on_close=answer))
        return answer

    def _choose(self) -> None:
        question = _("Which torrent or ticket?")
        choose_file(
            self._root,
            question,
            lambda path: self._open(Request(("open", str(path)))),
            kinds="*.torrent *.passalong",
        )

    def _show_settings(self) -> None:
        SettingsPage(self._root, self._preferences, self._change, is_installed=self._is_installed)

    def _change(self, preferences: Preferences) -> None:
        is_other_language = preferences.language != self._preferences.language
        self._preferences = preferences
        try:
            self._remember(preferences)
        except PassalongError as error:
            self.say(str(error))
        if is_other_language:
            self._build_again()

    def _build_again(self) -> None:
        """Every text is drawn once, so another language draws everything anew."""
        children: Sequence[tkinter.Misc] = self._root.winfo_children()
        for child in children:
            if not isinstance(child, tkinter.Toplevel):
                child.destroy()
        self._rows.clear()
        self._build()
        self._draw()

    def _save_folder(self) -> Path:
        chosen = self._preferences.save_folder
        try:
            return full_path(Path(chosen)) if chosen else downloads_folder()
        except PassalongError:
            return downloads_folder()
