"""Something that was opened and waits for an answer of the person."""

from pathlib import Path

from client.jobs.workers import Standby
from client.opening.what import Torrent
from installer.formats.magnet import Magnet
from installer.formats.ticket import Ticket


class Question:
    """Where to save a download, or what to publish with a ticket."""

    def __init__(self, what: Torrent | Magnet | Ticket, path: Path | None = None) -> None:
        self.what = what
        self.path = path
        self.save_to: Path | None = None
        self.priorities = ""
        self.news = ""
        self.site_url = ""
        self.standby = Standby()
