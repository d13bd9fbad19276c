"""Hashing files piece by piece on all cores. What a torrent makes of the hashes is left to making.

hashlib gives up Python's lock while it works, so threads are enough to keep all cores at it. But
copying what they read costs a fifth of the time, and looking at a file without copying it may end
the process that does. So where it pays, other processes do it (`workers`): threads begin, until
those are up, and do in the end what they left undone.
"""

import os
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

from client.jobs.pieces import SHA1_LENGTH, Pieces, Source
from client.jobs.reading import Reader, changed
from client.jobs.workers import Standby, Workers, start_workers

_REPORT_SECONDS = 0.2
# A core takes as long to start workers as to hash a thirteenth of so many bytes.
_WORTH_STARTING = 1 << 30


@dataclass(frozen=True, slots=True)
class Hashes:
    """SHA-1 of each piece; for version 2 also the root of each piece of each file."""

    pieces: bytes
    roots: tuple[tuple[bytes, ...], ...]


class Hasher:
    """Hashes the sources one after the other, as one stream cut into pieces.

    Workers that stand by are taken; otherwise some are started if there is much to hash.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        piece_length: int,
        *,
        with_roots: bool,
        threads: int,
        standby: Standby,
    ) -> None:
        self._pieces = Pieces(sources, piece_length, with_roots=with_roots)
        self._threads = threads
        self._standby = standby
        self._found: dict[range, bytes] = {}
        self._taking = threading.Lock()
        self._done_bytes = [0] * (threads + 1)

    def run(self) -> Generator[int]:
        """Yield from time to time how many bytes are hashed; closing the iterator cancels."""
        sources = self._pieces.sources
        marks = [_mark(source) for source in sources]
        workers = self._standby.take()
        if workers is None and sum(source.length for source in sources) >= _WORTH_STARTING:
            workers = start_workers()
        if workers is not None:
            with closing(workers):
                yield from self._let_threads_hash(until=workers.has_answer)
                yield from self._let_hash(workers)
        yield from self._let_threads_hash()
        for source, mark in zip(sources, marks, strict=True):
            if _mark(source) != mark:
                raise changed(source.path)

    def result(self) -> Hashes:
        """What was found, once `run` has come to its end."""
        pieces = self._pieces
        found = b"".join(self._found[run] for run in pieces.runs())
        each = [
            found[start : start + pieces.hash_length]
            for start in range(0, len(found), pieces.hash_length)
        ]
        roots = (hashed[SHA1_LENGTH:] for hashed in each)
        return Hashes(
            b"".join(hashed[:SHA1_LENGTH] for hashed in each),
            tuple(
                tuple(islice(roots, -(-source.length // pieces.piece_length)))
                for source in (pieces.sources if pieces.with_roots else ())
            ),
        )

    def _left(self) -> list[range]:
        return [run for run in self._pieces.runs() if run not in self._found]

    def _let_hash(self, workers: Workers) -> Iterator[int]:
        left = self._left()
        if not left:
            return
        report_at = 0.0
        for run, hashes in workers.hash(self._pieces, left, self._threads, _REPORT_SECONDS):
            if run:
                self._found[run] = hashes
                self._done_bytes[-1] += self._pieces.size(run)
            if (now := time.monotonic()) >= report_at:
                report_at = now + _REPORT_SECONDS
                yield sum(self._done_bytes)
        yield sum(self._done_bytes)

    def _let_threads_hash(self, until: Callable[[], bool] = lambda: False) -> Iterator[int]:
        """Hash what is left, or the next runs of it until something else can go on."""
        left, is_cancelled = self._left(), threading.Event()
        if not left or until():
            return
        runs = iter(left)

        def take() -> range | None:
            with self._taking:
                return None if is_cancelled.is_set() or until() else next(runs, None)

        def work(number: int) -> None:
            with closing(Reader(self._pieces.sources)) as reader:
                for run in iter(take, None):
                    hashes = []
                    for piece in run:
                        if is_cancelled.is_set():
                            return
                        hashes.append(self._pieces.hash(piece, reader.look))
                        self._done_bytes[number] += self._pieces.size(range(piece, piece + 1))
                    self._found[run] = b"".join(hashes)

        with ThreadPoolExecutor(self._threads, thread_name_prefix="hashing") as pool:
            try:
                pending = {pool.submit(work, number) for number in range(self._threads)}
                while pending:
                    done, pending = wait(pending, _REPORT_SECONDS, FIRST_COMPLETED)
                    for future in done:
                        future.result()
                    yield sum(self._done_bytes)
            finally:
                is_cancelled.set()


def cores() -> int:
    """How many threads can hash at the same time."""
    return os.cpu_count() or 1


def _mark(source: Source) -> tuple[int, int]:
    try:
        status = source.path.stat()
    except OSError as error:
        raise changed(source.path) from error
    if status.st_size != source.length:
        raise changed(source.path)
    return status.st_size, status.st_mtime_ns
