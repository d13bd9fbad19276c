"""What follows from an answer: the job begins, and pages of the site are shown."""

from collections.abc import Callable
from pathlib import Path

from client.engine.transfer import Tuning
from client.gui.desk import Desk
from client.gui.desktop import open_page
from client.gui.errand import Errand
from client.gui.question import Question
from client.gui.transfer import Transfer
from client.jobs.download import Saving, check_saving
from client.opening.welcoming import welcome_page
from client.site.publishing import Words
from client.words import sentence
from installer.errors import PassalongError
from installer.formats.ticket import Ticket

Refuse = Callable[[str], None]


class Answers:
    """Carries out what the person answered."""

    def __init__(self, desk: Desk, *, is_installed: bool) -> None:
        self._desk = desk
        self._is_installed = is_installed
        self._unseen: list[Transfer] = []

    def download(self, question: Question, folder: Path, refuse: Refuse) -> None:
        """Save it there, unless it could not be saved there: a slow disk may take long to say."""
        what, tuning = question.what, Tuning(question.priorities)
        assert not isinstance(what, Ticket)
        self._desk.errands.run(
            lambda: check_saving(what, Saving(folder), tuning),
            lambda checked: self._go_on(question, folder, checked.sentence, refuse),
        )

    def _go_on(self, question: Question, folder: Path, why_not: str, refuse: Refuse) -> None:
        if question not in self._desk.questions:
            return
        if why_not:
            refuse(why_not)
            return
        try:
            self._desk.download(question, folder)
        except PassalongError as error:
            refuse(sentence(error))
        else:
            self._greet(question)

    def publish(self, question: Question, path: Path, words: Words) -> None:
        """Publish this."""
        self._unseen.append(self._desk.publish(question, path, words))
        self._greet(question)

    def show_new_pages(self) -> None:
        """A publisher wants to see what became of it."""
        for transfer in list(self._unseen):
            if transfer.progress.page_url:
                self._unseen.remove(transfer)
                open_page(transfer.progress.page_url)

    def _greet(self, question: Question) -> None:
        """Once per site: let its pages know that this computer has the client now."""
        if self._is_installed and question.site_url:
            Errand(lambda: self._open_welcome(question.site_url))

    def _open_welcome(self, site_url: str) -> None:
        page = welcome_page(site_url, self._desk.state)
        if page is not None:
            open_page(page)
