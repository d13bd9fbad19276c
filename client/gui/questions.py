"""Rows that ask: where to save a download, and what to publish with a ticket."""

import os
import tkinter
from collections.abc import Callable
from pathlib import Path
from tkinter import ttk

from client.engine.transfer import SKIPPED, Tuning
from client.folders.places import downloads_folder, full_path
from client.folders.space import free_space
from client.gui.cards import Paper, leave
from client.gui.desktop import choose_file, choose_folder
from client.gui.dialogs import is_open
from client.gui.errand import Errand
from client.gui.errands import Errands
from client.gui.files_page import FilesPage
from client.gui.message import Message
from client.gui.question import Question
from client.gui.style import dress_text
from client.jobs.download import wanted_size
from client.opening.what import Torrent
from client.site.publishing import Words, warning_for
from client.words import gettext as _
from client.words import ngettext, printable, sentence, size
from installer.errors import PassalongError
from installer.formats.ticket import Ticket

Download = Callable[[Question, Path], None]
Publish = Callable[[Question, Path, Words], None]
Dismiss = Callable[[Question], None]

_LONGEST_DESCRIPTION = 4000


class DownloadQuestion(Paper):
    """ "Where should I save it?" with an answer already filled in."""

    def __init__(
        self,
        parent: tkinter.Misc,
        question: Question,
        folder: Path,
        download: Download,
        dismiss: Dismiss,
        errands: Errands,
    ) -> None:
        super().__init__(parent)
        self._question = question
        self._download = download
        self._errands = errands
        title, origin = describe(question)
        self.add_label(title, "Title.TLabel").grid(sticky="ew")
        self.add_label(origin, "Faint.TLabel").grid(sticky="ew", pady=(2, 0))
        self.add_label(_("Where should I save it?"), "Headline.TLabel").grid(
            sticky="ew", pady=(16, 6)
        )
        row = ttk.Frame(self, style="Card.TFrame")
        row.grid(sticky="ew")
        row.columnconfigure(0, weight=1)
        self._folder = ttk.Entry(row)
        self._folder.insert(0, str(folder))
        self._folder.grid(row=0, column=0, sticky="ew")
        self._folder.bind("<Return>", lambda _: self._begin())
        ttk.Button(row, text=_("Change …"), command=self._choose).grid(row=0, column=1, padx=(8, 0))
        self._room = self.add_label(style="Faint.TLabel")
        self._room.grid(sticky="ew", pady=(6, 0))
        self._sentence = self.add_label(style="Bad.TLabel")
        _add_news(self, question)
        self._files = self._add_files()
        buttons = ttk.Frame(self, style="Card.TFrame")
        buttons.grid(row=9, sticky="ew", pady=(16, 0))
        self.first = button(buttons, _("Download"), self._begin, "Accent.TButton")
        button(buttons, _("Not now"), lambda: dismiss(question))
        self._seen = str(folder)
        self._look_at(self._seen)

    def look(self) -> None:
        """Notice another folder in the field.

        Tk could call us when that changes, but it would then keep us alive for ever.
        """
        text = self._folder.get()
        if text != self._seen:
            self._seen = text
            self._question.save_to = self._typed()
            self._look_at(text)

    def _add_files(self) -> ttk.Label | None:
        what = self._question.what
        if not isinstance(what, Torrent) or len(what.metainfo.files) < 2:
            return None
        row = ttk.Frame(self, style="Card.TFrame")
        row.grid(sticky="ew", pady=(10, 0))
        button(row, _("Choose files …"), self._choose_files)
        told = ttk.Label(row, style="Faint.TLabel")
        told.pack(side="left")
        return told

    def _choose_files(self) -> None:
        what = self._question.what
        assert isinstance(what, Torrent)
        files = what.metainfo.files
        if not is_open(self, FilesPage):
            FilesPage(self, files, self._question.priorities, self._take_files)

    def _take_files(self, priorities: str) -> None:
        what = self._question.what
        assert isinstance(what, Torrent)
        assert self._files is not None
        self._question.priorities = priorities
        total = len(priorities)
        amount = size(wanted_size(what.metainfo, Tuning(priorities)))
        text = _("{count} of {total} files, {size}")
        count = total - priorities.count(SKIPPED)
        self._files.configure(text=text.format(count=count, total=total, size=amount))

    def say(self, sentence: str) -> None:
        """Say why this folder will not do."""
        self.first.state(["!disabled"])
        self._look_at(self._seen)
        self._sentence.configure(text=printable(sentence))
        self._sentence.grid(row=8, sticky="ew", pady=(10, 0))

    def _begin(self) -> None:
        try:
            folder = full_path(Path(self._folder.get()))
        except PassalongError as error:
            self.say(sentence(error))
        else:
            self.first.state(["disabled"])
            self._room.configure(text=_("Looking at this folder …"))
            self._download(self._question, folder)

    def _choose(self) -> None:
        start = self._typed() or downloads_folder()
        choose_folder(self, _("Where should I save it?"), start, self._take)

    def _take(self, folder: Path) -> None:
        self._folder.delete(0, "end")
        self._folder.insert(0, str(folder))

    def _typed(self) -> Path | None:
        """The folder in the field, unless it makes no sense yet."""
        try:
            return full_path(Path(self._folder.get()))
        except (PassalongError, ValueError):
            return None

    def _look_at(self, text: str) -> None:
        path, what = self._typed(), self._question.what
        if path is not None:
            name = what.metainfo.name if isinstance(what, Torrent) else ""
            self._errands.run(
                lambda: _room_in(path, name), lambda looked: self._show_room(text, looked)
            )

    def _show_room(self, text: str, looked: Errand) -> None:
        if self.winfo_exists() and text == self._seen and isinstance(looked.result, str):
            self._room.configure(text=looked.result)


class PublishQuestion(Paper):
    """What to publish, and what to say about it."""

    def __init__(
        self,
        parent: tkinter.Misc,
        question: Question,
        publish: Publish,
        dismiss: Dismiss,
        errands: Errands,
    ) -> None:
        super().__init__(parent)
        assert isinstance(question.what, Ticket)
        self._question = question
        self._publish = publish
        self._errands = errands
        self._path: Path | None = None
        self._proposed = ""
        site = printable(question.what.site_name)
        self.add_label(_("Publish on {site}").format(site=site), "Title.TLabel").grid(sticky="ew")
        self.add_label(
            _("Pick a file or a folder. It stays where it is on this computer."), "Faint.TLabel"
        ).grid(sticky="ew", pady=(2, 12))
        row = ttk.Frame(self, style="Card.TFrame")
        row.grid(sticky="ew")
        self.first = button(row, _("Choose a file …"), self._choose_file)
        button(row, _("Choose a folder …"), self._choose_folder)
        self._chosen = self.add_label(_("Nothing is chosen yet."), "Headline.TLabel")
        self._chosen.grid(sticky="ew", pady=(8, 0))
        self.add_label(_("Title")).grid(sticky="ew", pady=(14, 4))
        self._title = tkinter.StringVar(self)
        ttk.Entry(self, textvariable=self._title).grid(sticky="ew")
        self.add_label(_("What is it? (may be left empty)")).grid(sticky="ew", pady=(12, 4))
        self._description = _text_field(self)
        self._description.grid(sticky="ew")
        self._sentence = self.add_label(style="Bad.TLabel")
        warning = warning_for(question.what)
        if warning is not None:
            self.add_label(warning, "Faint.TLabel").grid(sticky="ew", pady=(10, 0))
        _add_news(self, question)
        buttons = ttk.Frame(self, style="Card.TFrame")
        buttons.grid(row=20, sticky="ew", pady=(16, 0))
        self._go = button(buttons, _("Publish"), self._begin, "Accent.TButton")
        self._go.state(["disabled"])
        button(buttons, _("Not now"), lambda: dismiss(question))
        if question.path is not None:
            self.choose(question.path)
            self.first = self._go

    def say(self, sentence: str) -> None:
        """Say why this cannot be published."""
        self._sentence.configure(text=printable(sentence))
        self._sentence.grid(row=19, sticky="ew", pady=(10, 0))

    def choose(self, path: Path) -> None:
        """Take this file or folder; its name is the title until the person says another."""
        self._path = path
        self._chosen.configure(text=printable(str(path)))
        self._errands.run(path.is_dir, lambda looked: self._propose(path, looked))
        self._go.state(["!disabled"])
        self._go.focus_set()

    def _propose(self, path: Path, looked: Errand) -> None:
        if self.winfo_exists() and self._path == path and self._title.get() in {"", self._proposed}:
            self._proposed = printable(path.name if looked.result is True else path.stem)
            self._title.set(self._proposed)

    def _choose_file(self) -> None:
        choose_file(self, _("Which file should be published?"), self.choose)

    def _choose_folder(self) -> None:
        start = self._path.parent if self._path is not None else Path.home()
        choose_folder(self, _("Which folder should be published?"), start, self.choose)

    def _begin(self) -> None:
        if self._path is None:
            return
        description = self._description.get("1.0", "end-1c").strip()[:_LONGEST_DESCRIPTION]
        words = Words(self._title.get().strip(), description)
        self._publish(self._question, self._path, words)


class MessageCard(Paper):
    """Something to know, with a button that says it was read."""

    def __init__(self, parent: tkinter.Misc, message: Message, dismiss: Callable[[], None]) -> None:
        super().__init__(parent)
        self.add_label(message.title, "Title.TLabel").grid(sticky="ew")
        self.add_label(printable(message.sentence)).grid(sticky="ew", pady=(8, 14))
        row = ttk.Frame(self, style="Card.TFrame")
        row.grid(sticky="ew")
        self.first = button(row, _("All right"), dismiss)


def _room_in(folder: Path, name: str) -> str:
    """What a person may want to know of the folder; a slow drive may take long to tell."""
    free = free_space(folder)
    text = "" if free is None else _("{size} are free there.").format(size=size(free))
    if name and os.path.lexists(folder / name):
        taken = _("Something of that name is there already; this one will get a number.")
        text = f"{text} {taken}"
    return text


def describe(question: Question) -> tuple[str, str]:
    """Name of a download, and its size, number of files and site."""
    what = question.what
    if not isinstance(what, Torrent):
        name = "" if isinstance(what, Ticket) else what.name
        return printable(name) or _("A download"), _("Its size is known once somebody answers.")
    parts = [size(what.metainfo.total_size)]
    count = len(what.metainfo.files)
    if count > 1:
        parts.append(ngettext("{count} file", "{count} files", count).format(count=count))
    if what.site_name:
        parts.append(_("from {site}").format(site=printable(what.site_name)))
    return printable(what.metainfo.name), " · ".join(parts)


def _add_news(paper: Paper, question: Question) -> None:
    if question.news:
        paper.add_label(printable(question.news), "Faint.TLabel").grid(sticky="ew", pady=(10, 0))


def button(
    row: tkinter.Misc, text: str, command: Callable[[], object], style: str = "TButton"
) -> ttk.Button:
    """A button at the end of a row."""
    made = ttk.Button(row, text=text, command=command, style=style)
    made.pack(side="left", padx=(0, 8))
    return made


def _text_field(parent: tkinter.Misc) -> tkinter.Text:
    field = tkinter.Text(parent, height=3, wrap="word", font="TkDefaultFont")
    dress_text(field, "Card.TFrame")
    # Tab leaves the field, as in every other one.
    field.bind("<Tab>", leave)
    return field
