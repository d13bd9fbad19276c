import hashlib
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from client.errors import JobError
from client.jobs import hashing
from client.jobs.hashing import Hasher
from client.jobs.pieces import Pieces, Source
from client.jobs.workers import Standby, Workers

PIECE = 1 << 18
SIZES = (700_001, 5, 0, 1_300_000)
CLIENT = [sys.executable, "-m", "client"]


class Mortal(Workers):
    """They end when they have hashed one run."""

    def hash(
        self, pieces: Pieces, runs: Sequence[range], count: int, patience: float
    ) -> Iterator[tuple[range, bytes]]:
        yield from islice(super().hash(pieces, runs, count, patience), 1)
        os.killpg(self.process_id, signal.SIGBUS)


class Killed(Workers):
    """They have ended before they are told anything."""

    def __init__(self, program: Sequence[str]) -> None:
        super().__init__(program)
        os.killpg(self.process_id, signal.SIGKILL)


def nobody(_: Sequence[str]) -> None:
    """There are none."""


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    random = Random(7)
    found = [tmp_path / str(number) for number in range(len(SIZES))]
    for path, size in zip(found, SIZES, strict=True):
        path.write_bytes(random.randbytes(size))
    return found


def hasher_of(
    paths: list[Path], standby: Standby, paddings: Sequence[int] = (0,) * len(SIZES)
) -> Hasher:
    sources = [Source(*each) for each in zip(paths, SIZES, paddings, strict=True)]
    return Hasher(sources, PIECE, with_roots=any(paddings), threads=2, standby=standby)


@pytest.mark.parametrize("paddings", [(0,) * len(SIZES), tuple(-size % PIECE for size in SIZES)])
@pytest.mark.parametrize("start", [nobody, Workers, Mortal, Killed])
def test_hashes_are_the_same_whoever_finds_them(
    paths: list[Path],
    paddings: Sequence[int],
    start: Callable[[Sequence[str]], Workers | None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def start_and_wait() -> Workers | None:
        workers = start(CLIENT)
        assert workers is None or workers.has_answer(10)
        return workers

    monkeypatch.setattr(hashing, "_WORTH_STARTING", 0)
    monkeypatch.setattr(hashing, "start_workers", start_and_wait)
    hasher = hasher_of(paths, Standby(), paddings)
    assert list(hasher.run())[-1] == sum(SIZES)

    whole = b"".join(
        path.read_bytes() + bytes(padding) for path, padding in zip(paths, paddings, strict=True)
    )
    pieces = [whole[at : at + PIECE] for at in range(0, len(whole), PIECE)]
    hashes = hasher.result()
    assert hashes.pieces == b"".join(hashlib.sha1(piece).digest() for piece in pieces)
    assert [len(roots) for roots in hashes.roots] == ([3, 1, 0, 5] if any(paddings) else [])


def test_threads_begin_until_workers_are_up(
    paths: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[range] = []

    class Late(Workers):
        """They are up when threads have taken two runs."""

        looks = 0

        def has_answer(self, seconds: float = 0) -> bool:
            self.looks += 1
            return self.looks > 2 and super().has_answer(10)

        def hash(
            self, pieces: Pieces, runs: Sequence[range], count: int, patience: float
        ) -> Iterator[tuple[range, bytes]]:
            left.extend(runs)
            return super().hash(pieces, runs, count, patience)

    monkeypatch.setattr(hashing, "_WORTH_STARTING", 0)
    monkeypatch.setattr(hashing, "start_workers", lambda: Late(CLIENT))
    hasher = hasher_of(paths, Standby())
    assert list(hasher.run())[-1] == sum(SIZES)
    assert [run.start for run in left] == list(range(2, 8))


def test_what_workers_cannot_read_is_said_in_words(paths: list[Path]) -> None:
    standby = Standby()
    standby.call()
    running = hasher_of(paths, standby).run()
    next(running)
    paths[3].write_bytes(b"")
    with pytest.raises(JobError, match="changed while it was read"):
        list(running)
