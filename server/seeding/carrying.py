"""What programs got from the site's copies by web seed: kept in memory, written now and then.

A download comes in thousands of parts, and a write to the database for each would be slower than
the part.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from django.db import DatabaseError, connection

from server.catalog.services import add_carried_by_site

log = logging.getLogger(__name__)

SECONDS_BETWEEN_WRITES = 10

Write = Callable[[Mapping[str, int]], None]


class Carried:
    """Adds up bytes by info-hash. `later` is told once what to do when it is time to write."""

    def __init__(self, write: Write, later: Callable[[Callable[[], None]], None]) -> None:
        self._write = write
        self._later = later
        # Reentrant: collecting garbage may end another stream in the middle of `add`.
        self._lock = threading.RLock()
        self._bytes: Counter[str] = Counter()

    def add(self, info_hash: str, size: int) -> None:
        """Count these."""
        with self._lock:
            is_first = not self._bytes
            self._bytes[info_hash] += size
        if is_first:
            self._later(self.write)

    def write(self) -> None:
        """Write what there is, from any thread."""
        with self._lock:
            carried, self._bytes = self._bytes, Counter()
        self._write(carried)

    def counting(self, info_hash: str, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """The chunks, counted as far as they went when they end or are given up."""
        sent = 0
        try:
            for chunk in chunks:
                sent += len(chunk)
                yield chunk
        finally:
            if sent:
                self.add(info_hash, sent)


def _write(carried: Mapping[str, int]) -> None:
    try:
        add_carried_by_site(carried)
    except DatabaseError:
        log.exception("It could not be noted what the site has carried.")
    finally:
        connection.close()  # This thread ends here.


def _in_a_while(write: Callable[[], None]) -> None:
    timer = threading.Timer(SECONDS_BETWEEN_WRITES, write)
    timer.daemon = True
    timer.start()


carried = Carried(_write, _in_a_while)
