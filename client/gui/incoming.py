"""What starts of the program hand over: understood in threads, then put on the desk."""

import queue
from collections.abc import Callable

from client.gui.desk import Desk
from client.gui.message import Message
from client.gui.opening import Opened, understand_later
from client.opening.handover import Request
from client.opening.what import Torrent
from client.words import gettext as _


class Incoming:
    """Requests on their way to the desk; used by the window's thread only."""

    def __init__(self, desk: Desk, tell: Callable[[Message], None]) -> None:
        self._desk = desk
        self._tell = tell
        self._understood: queue.SimpleQueue[Opened] = queue.SimpleQueue()
        self._waiting = 0

    @property
    def is_busy(self) -> bool:
        """Whether something is still on its way."""
        return bool(self._waiting)

    def open(self, request: Request) -> None:
        """Find out what it means, in a thread."""
        self._waiting += 1
        understand_later(request, self._desk.state, self._understood.put)

    def look(self) -> bool:
        """Put on the desk what was understood meanwhile; whether there was something."""
        is_news = not self._understood.empty()
        while not self._understood.empty():
            self._waiting -= 1
            self._put(self._understood.get())
        return is_news

    def _put(self, opened: Opened) -> None:
        if opened.sentence:
            self._tell(Message(_("This could not be opened"), opened.sentence))
        elif opened.what is not None:
            if opened.is_shared and opened.path is not None and isinstance(opened.what, Torrent):
                self._desk.share(opened.what, opened.path)
            else:
                self._ask(opened)

    def _ask(self, opened: Opened) -> None:
        assert opened.what is not None
        question = self._desk.ask(opened.what, opened.path)
        if question is None:
            return
        # The same torrent may have come another way before, which must not be forgotten.
        question.news = question.news or opened.news
        question.site_url = question.site_url or opened.site_url
        question.save_to = question.save_to or opened.save_to
