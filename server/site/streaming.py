"""How many downloads leave at once. Each keeps a thread of the web server busy to its last byte."""

import threading
import weakref
from collections.abc import Iterator

# For each web process. It must stay well below the number of threads that the process has, which
# `server.running.programs` makes from it: what is left answers pages and announces meanwhile.
STREAMS_AT_ONCE = 96


class AllTaken(Exception):  # noqa: N818 - not a fault: many visitors at once
    """As many downloads as may leave at once are on their way."""


class Streams:
    """Counts the streams of this process and refuses one too many."""

    def __init__(self, at_once: int) -> None:
        self._free = threading.BoundedSemaphore(at_once)

    def begin(self, chunks: Iterator[bytes]) -> "Stream":
        """A stream of these chunks; raises `AllTaken`."""
        if not self._free.acquire(blocking=False):
            raise AllTaken
        return Stream(chunks, self._free)


class Stream(Iterator[bytes]):
    """Chunks that hold a place until they end, fail, are closed, or are forgotten unread."""

    def __init__(self, chunks: Iterator[bytes], place: threading.BoundedSemaphore) -> None:
        self._chunks = chunks
        self._leave = weakref.finalize(self, place.release)  # Does it once, however often called.

    def __next__(self) -> bytes:
        """The next chunk."""
        try:
            return next(self._chunks)
        except BaseException:
            self._leave()
            raise

    def close(self) -> None:
        """Give up the place, and the file behind the chunks."""
        self._chunks = iter(())
        self._leave()
