import hashlib
import os
import sys
import threading
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from random import Random

import pytest

from client.jobs import hashing, mapping
from client.jobs.hashing import Hasher, Source, _Reader

PIECE = 1 << 18
SIZES = (700_001, 5, 1_300_000)

only_linux = pytest.mark.skipif(sys.platform != "linux", reason="Only Linux has leases.")


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    random = Random(7)
    found = [tmp_path / str(number) for number in range(len(SIZES))]
    for path, size in zip(found, SIZES, strict=True):
        path.write_bytes(random.randbytes(size))
    return found


def pieces_of(paths: Sequence[Path], paddings: Sequence[int]) -> bytes:
    sources = [
        Source(path, size, padding)
        for path, size, padding in zip(paths, SIZES, paddings, strict=True)
    ]
    hasher = Hasher(sources, PIECE, with_roots=any(paddings), threads=2)
    for _ in hasher.run():
        pass
    return hasher.result().pieces


@pytest.mark.parametrize("paddings", [(0, 0, 0), tuple(-size % PIECE for size in SIZES)])
@pytest.mark.parametrize("is_written_elsewhere", [False, True])
def test_pieces_are_the_same_however_the_files_are_looked_at(
    paths: list[Path],
    paddings: Sequence[int],
    is_written_elsewhere: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # So that the threads share even so little, and end within files.
    monkeypatch.setattr(hashing, "_RUN", 2 * PIECE)
    whole = b"".join(
        path.read_bytes() + bytes(padding) for path, padding in zip(paths, paddings, strict=True)
    )
    pieces = [whole[at : at + PIECE] for at in range(0, len(whole), PIECE)]
    # Nobody gets a lease on a file that somebody has open for writing.
    with paths[0].open("r+b") if is_written_elsewhere else nullcontext():
        found = pieces_of(paths, paddings)
    assert found == b"".join(hashlib.sha1(piece).digest() for piece in pieces)


@only_linux
def test_looks_at_any_stretch_of_a_leased_file(paths: list[Path]) -> None:
    content = paths[0].read_bytes()
    with paths[0].open("rb") as file:
        assert mapping.has_lease(file)
        window = mapping.Window(file, 4097, len(content) - 4097)
        assert not window.covers(0, 5000)
        for offset, length in ((4097, 300_000), (300_001, 400_000), (len(content) - 1, 1)):
            assert window.covers(offset, length)
            with window.look(offset, length) as stretch:
                assert stretch == content[offset : offset + length]
        window.close()


@only_linux
def test_whoever_wants_to_change_a_file_waits_until_it_is_given_back(paths: list[Path]) -> None:
    with paths[0].open("rb") as file:
        assert mapping.has_lease(file)
        window = mapping.Window(file, 0, SIZES[0])
        with window.look(0, SIZES[0]) as stretch:
            cutting = threading.Thread(target=os.truncate, args=(paths[0], 0))
            cutting.start()
            while mapping.is_still(file):
                assert stretch[SIZES[0] - 1] is not None
        window.close()
        cutting.join(10)
    assert paths[0].stat().st_size == 0


@only_linux
def test_a_lease_that_linux_has_taken_back_is_no_error(paths: list[Path]) -> None:
    with paths[0].open("rb") as file:
        assert not mapping.is_still(file)


@only_linux
@pytest.mark.parametrize(("length", "is_leased"), [(PIECE - 1, False), (PIECE, True)])
def test_nobody_waits_for_a_file_that_is_only_read(
    paths: list[Path], length: int, is_leased: bool
) -> None:
    reader = _Reader([Source(paths[0], SIZES[0])])
    for chunk in reader.stretch(0, 0, length):
        chunk.release()
    assert reader._file is not None
    assert mapping.is_still(reader._file) is is_leased
    reader.close()


@only_linux
def test_what_is_only_on_the_disk_is_read_and_may_be_changed(
    paths: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Not every file system lets a test drop a file from memory.
    monkeypatch.setattr(mapping, "_is_in_memory", lambda _mapped: False)
    reader = _Reader([Source(paths[0], SIZES[0])])
    found = b"".join(map(bytes, reader.stretch(0, 0, SIZES[0])))
    assert found == paths[0].read_bytes()
    assert reader._file is not None
    assert not mapping.is_still(reader._file)
    reader.close()
