"""Something that was opened and waits for an answer of the person."""

from pathlib import Path

from client.gui.works import info_hashes_of
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

    def is_about(self, what: Torrent | Magnet | Ticket) -> bool:
        """Whether this asks about the same torrent, however it came, or the same ticket."""
        if isinstance(self.what, Ticket) or isinstance(what, Ticket):
            return self.what == what
        return not info_hashes_of(self.what).isdisjoint(info_hashes_of(what))

    def tells_less_than(self, what: Torrent | Magnet | Ticket) -> bool:
        """Whether the person would learn more from this: what is in it, or which site gave it."""
        return _weight(self.what) < _weight(what)


def _weight(what: Torrent | Magnet | Ticket) -> tuple[bool, bool]:
    return isinstance(what, Torrent), isinstance(what, Torrent) and bool(what.site_name)
