"""What a process does that was started to hash: it splits into workers, which look at mapped files.

A file is looked at where the system keeps it, without copying. If it is cut short meanwhile, or its
disk fails, Linux ends the process that looks; and if anything else is wrong, a worker just ends.
Whoever started them hashes what is left, and meets the same trouble in words.
"""

import json
import mmap
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from struct import Struct
from typing import IO

from client.jobs.pieces import Pieces, Source

_WINDOW = 1 << 26
# The word on the command line of such a process.
COMMAND = "--hashing-process"
# What it says first, when it is up.
READY = b"+"
# A run of pieces: its first one, and the one after its last. Their hashes follow in an answer.
RUN = Struct("<II")


def described(pieces: Pieces, runs: Iterable[range], count: int) -> bytes:
    """What such a process is to be told: let so many workers hash these runs."""
    sources = [
        (str(source.path.absolute()), source.length, source.padding) for source in pieces.sources
    ]
    numbers = [(run.start, run.stop) for run in runs]
    return json.dumps([sources, pieces.piece_length, pieces.with_roots, numbers, count]).encode()


def be_workers() -> int:
    """Wait on standard input for what there is to hash, and let workers answer on the output."""
    import resource  # Windows has none.

    # The end of a worker may be a crash, which is none to be kept; 1 also keeps it from a program
    # that reports crashes, which would be told at 0 (core(5)).
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (1 if most else 0, most))
    answers = sys.stdout.fileno()
    os.write(answers, READY)
    told = sys.stdin.buffer.read()
    if not told:
        return 0
    sources, piece_length, with_roots, runs, count = json.loads(told)
    pieces = Pieces(
        [Source(Path(path), length, padding) for path, length, padding in sources],
        piece_length,
        with_roots=with_roots,
    )
    taking, giving = os.pipe()
    for _ in range(count):
        if not os.fork():
            os.close(giving)
            try:
                _serve(pieces, taking, answers)
            finally:
                os._exit(0)
    os.close(taking)
    # Nobody holds it but them, so it hangs up when the last of them is done.
    os.close(answers)
    for run in runs:
        os.write(giving, RUN.pack(*run))
    os.close(giving)
    for _ in range(count):
        os.wait()
    return 0


def _serve(pieces: Pieces, taking: int, answers: int) -> None:
    mapped = _Mapped(pieces.sources)
    # Linux takes 8 bytes from a pipe whole if they were put there whole, and so it puts an answer.
    while run := os.read(taking, RUN.size):
        hashes = [pieces.hash(piece, mapped.look) for piece in range(*RUN.unpack(run))]
        os.write(answers, run + b"".join(hashes))
    os.close(answers)


class _Mapped:
    """Maps a part of one file at a time."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources
        self._index = -1
        self._file: IO[bytes] | None = None
        self._start = self._end = 0
        self._window: mmap.mmap | None = None

    def look(self, index: int, offset: int, length: int) -> Iterator[memoryview]:
        """All of it at once; to be released before something else is looked at."""
        if index != self._index or not (self._start <= offset and offset + length <= self._end):
            self._map(index, offset, length)
        assert self._window is not None
        start = offset - self._start
        with memoryview(self._window) as whole:
            yield whole[start : start + length]

    def _map(self, index: int, offset: int, length: int) -> None:
        if self._window is not None:
            self._window.close()
        if self._file is None or index != self._index:
            if self._file is not None:
                self._file.close()
            self._file, self._index = self._sources[index].path.open("rb", buffering=0), index
        self._start = offset - offset % mmap.ALLOCATIONGRANULARITY
        self._end = min(self._sources[index].length, offset + max(length, _WINDOW))
        size = self._end - self._start
        self._window = mmap.mmap(
            self._file.fileno(), size, access=mmap.ACCESS_READ, offset=self._start
        )
