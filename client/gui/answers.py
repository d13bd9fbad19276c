"""What follows from an answer: the job begins, and pages of the site are shown."""

from pathlib import Path

from client.engine.transfer import Tuning
from client.gui.desk import Desk
from client.gui.desktop import open_page
from client.gui.question import Question
from client.gui.transfer import Transfer
from client.jobs.download import Saving, check_saving
from client.opening.welcoming import welcome_page
from client.site.publishing import Words
from installer.formats.ticket import Ticket


class Answers:
    """Carries out what the person answered."""

    def __init__(self, desk: Desk, *, is_installed: bool) -> None:
        self._desk = desk
        self._is_installed = is_installed
        self._unseen: list[Transfer] = []

    def download(self, question: Question, folder: Path) -> None:
        """Save it there; refuses what could not be saved there."""
        assert not isinstance(question.what, Ticket)
        check_saving(question.what, Saving(folder), Tuning(question.priorities))
        self._desk.download(question, folder)
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
        if not self._is_installed or not question.site_url:
            return
        page = welcome_page(question.site_url, self._desk.state)
        if page is not None:
            open_page(page)
