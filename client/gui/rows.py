"""The desk as rows of the window: messages, questions and transfers, drawn as they stand now."""

import tkinter
from collections.abc import Callable
from pathlib import Path
from tkinter import ttk

from client.gui.answers import Answers
from client.gui.cards import TransferCard
from client.gui.deeds import Deeds
from client.gui.desk import Desk
from client.gui.details import explain
from client.gui.message import Message
from client.gui.presenter import Deed, total
from client.gui.question import Question
from client.gui.questions import DownloadQuestion, MessageCard, PublishQuestion
from client.gui.scrolling import ScrollingColumn
from client.gui.style import scaled
from client.gui.transfer import Transfer
from client.site.publishing import Words
from client.words import gettext as _
from installer.formats.ticket import Ticket

Row = TransferCard | DownloadQuestion | PublishQuestion | MessageCard


class Rows:
    """Draws the desk; a click on a row goes to `deeds` or `answers`."""

    def __init__(
        self,
        root: tkinter.Tk,
        desk: Desk,
        deeds: Deeds,
        answers: Answers,
        save_folder: Callable[[], Path],
    ) -> None:
        self._root = root
        self._desk = desk
        self._deeds = deeds
        self._answers = answers
        self._save_folder = save_folder
        self._messages: list[Message] = []
        self._rows: dict[object, Row] = {}

    def build(self) -> None:
        """Take the room of the window that is left."""
        self._rows.clear()
        self._column = ScrollingColumn(self._root)
        self._column.pack(side="top", fill="both", expand=True)
        self._empty = ttk.Label(
            self._column.inside,
            style="Ground.TLabel",
            justify="center",
            wraplength=scaled(self._root, 480),
            text=_(
                "Nothing here yet.\n\nClick Download on the page of a site that uses Passalong."
            ),
        )

    def tell(self, message: Message) -> None:
        """Show it until it is dismissed."""
        if message not in self._messages:
            self._messages.insert(0, message)

    def look(self) -> None:
        """Notice what the person has typed."""
        for row in self._rows.values():
            if isinstance(row, DownloadQuestion):
                row.look()

    def draw(self) -> None:
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
        inside, errands = self._column.inside, self._desk.errands
        row: DownloadQuestion | PublishQuestion | MessageCard
        match thing:
            case Transfer():
                return TransferCard(
                    inside,
                    lambda deed: self._act(thing, deed),
                    lambda: self._explain(thing),
                    lambda: self._deeds.controls_for(thing, self._rows[thing]),
                )
            case Question(what=Ticket()):
                row = PublishQuestion(inside, thing, self._publish, self._dismiss, errands)
            case Question():
                folder = thing.save_to or self._save_folder()
                row = DownloadQuestion(
                    inside, thing, folder, self._download, self._dismiss, errands
                )
            case Message():
                row = MessageCard(inside, thing, lambda: self._messages.remove(thing))
            case _:
                raise TypeError(thing)
        # Whoever is typing goes on typing: the next space would answer what was not read yet.
        if not isinstance(self._root.focus_lastfor(), ttk.Entry | tkinter.Text):
            row.first.focus_set()
        return row

    def _explain(self, transfer: Transfer) -> str:
        return explain(self._desk.details(transfer), transfer.progress, self._desk.link(transfer))

    def _act(self, transfer: Transfer, deed: Deed) -> None:
        self._deeds.do(transfer, deed)
        self.draw()

    def _download(self, question: Question, folder: Path) -> None:
        self._answers.download(question, folder, lambda why: self._refuse(question, why))

    def _refuse(self, question: Question, why: str) -> None:
        row = self._rows.get(question)
        if isinstance(row, DownloadQuestion):
            row.say(why)

    def _dismiss(self, question: Question) -> None:
        self._desk.dismiss(question)
        self.draw()

    def _publish(self, question: Question, path: Path, words: Words) -> None:
        self._answers.publish(question, path, words)
        self.draw()
