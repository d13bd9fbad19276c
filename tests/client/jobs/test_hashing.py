import hashlib
import os
import select
import signal
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from client.errors import JobError
from client.jobs import hashing
from client.jobs.hashing import Hasher, Hashes
from client.jobs.pieces import Pieces, Source
from client.jobs.worker import RUN
from client.jobs.workers import Standby, Workers

PIECE = 1 << 18
SIZES = (700_001, 5, 0, 1_300_000)
NO_PADDINGS = (0,) * len(SIZES)
PADDINGS = tuple(-size % PIECE for size in SIZES)


class Ready(Workers):
    """They are up."""

    def __init__(self) -> None:
        super().__init__()
        assert self.has_answer(30)


class Mortal(Ready):
    """One run is all that comes from them."""

    def hash(
        self, pieces: Pieces, runs: Sequence[range], count: int, patience: float
    ) -> Iterator[tuple[range, bytes]]:
        yield from islice(super().hash(pieces, runs, count, patience), 1)


class Killed(Ready):
    """They have ended before they are told anything."""

    def __init__(self) -> None:
        super().__init__()
        os.killpg(self.process_id, signal.SIGKILL)


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    random = Random(7)
    found = [tmp_path / str(number) for number in range(len(SIZES))]
    for path, size in zip(found, SIZES, strict=True):
        path.write_bytes(random.randbytes(size))
    return found


def hasher_of(paths: list[Path], paddings: Sequence[int] = NO_PADDINGS) -> Hasher:
    sources = [Source(*each) for each in zip(paths, SIZES, paddings, strict=True)]
    return Hasher(sources, PIECE, with_roots=any(paddings), threads=2, standby=Standby())


def hashes_of(hasher: Hasher) -> Hashes:
    assert list(hasher.run())[-1] == sum(SIZES)
    return hasher.result()


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[range]:
    """The runs that workers have hashed; any torrent is worth starting some."""
    runs: list[range] = []
    really_hash = Workers.hash

    def noted(
        self: Workers, pieces: Pieces, asked: Sequence[range], count: int, patience: float
    ) -> Iterator[tuple[range, bytes]]:
        for run, hashes in really_hash(self, pieces, asked, count, patience):
            runs.append(run)
            yield run, hashes

    monkeypatch.setattr(Workers, "hash", noted)
    monkeypatch.setattr(hashing, "_WORTH_STARTING", 0)
    return runs


@pytest.mark.parametrize("paddings", [NO_PADDINGS, PADDINGS])
@pytest.mark.parametrize(("start", "count"), [(Ready, None), (Mortal, 1), (Killed, 0)])
def test_workers_find_what_threads_find(
    paths: list[Path],
    paddings: Sequence[int],
    start: Callable[[], Workers],
    count: int | None,
    found: list[range],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hashing, "start_workers", lambda: None)
    by_threads = hashes_of(hasher_of(paths, paddings))
    monkeypatch.setattr(hashing, "start_workers", start)
    assert hashes_of(hasher_of(paths, paddings)) == by_threads

    whole = b"".join(
        path.read_bytes() + bytes(padding) for path, padding in zip(paths, paddings, strict=True)
    )
    pieces = [whole[at : at + PIECE] for at in range(0, len(whole), PIECE)]
    assert by_threads.pieces == b"".join(hashlib.sha1(piece).digest() for piece in pieces)
    assert len(found) == (len(pieces) if count is None else count)


def test_threads_begin_until_workers_are_up(
    paths: list[Path], found: list[range], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Late(Ready):
        """They are up when threads have taken two runs."""

        looks = -1

        def has_answer(self, seconds: float = 0) -> bool:
            self.looks += 1
            return super().has_answer(seconds) and not 0 < self.looks <= 3

    monkeypatch.setattr(hashing, "start_workers", Late)
    hashes_of(hasher_of(paths))
    assert sorted(run.start for run in found) == list(range(2, 8))


def test_what_workers_cannot_read_is_said_in_words(
    paths: list[Path], found: list[range], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Surprised(Ready):
        """A file is cut short before they look at it."""

        def hash(
            self, pieces: Pieces, runs: Sequence[range], count: int, patience: float
        ) -> Iterator[tuple[range, bytes]]:
            os.truncate(paths[3], 0)
            return super().hash(pieces, runs, count, patience)

    monkeypatch.setattr(hashing, "start_workers", Surprised)
    with pytest.raises(JobError, match=f"{paths[3]} changed while it was read"):
        list(hasher_of(paths).run())


def test_an_answer_fits_into_a_pipe_whole() -> None:
    source = Source(Path("film"), 1 << 40)
    pieces = Pieces([source], 1 << 14, with_roots=True)
    longest = len(next(pieces.runs()))
    assert RUN.size + longest * pieces.hash_length <= select.PIPE_BUF
