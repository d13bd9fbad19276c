"""Torrents made by our own code equal libtorrent's byte for byte."""

import random
from pathlib import Path

import libtorrent as lt
import pytest

from client.errors import FolderError, JobError, JobStopped
from client.jobs.hashing import Hasher
from client.jobs.making import Making, Recipe, left_out_notice
from client.jobs.pieces import Source
from client.jobs.stopping import Stop
from client.jobs.workers import Standby
from installer.errors import FormatError
from installer.formats import metainfo
from installer.formats.bencoding import read_dictionary

LAYOUTS = {
    "one file": {"": 300_001},
    "one small file": {"": 1},
    "one exact piece": {"": 16_384},
    "a folder": {"b": 70_000, "a": 5, "c": 16_384},
    "spaces and other letters": {"Mein Lied.ogg": 40_000, "Ünter/ö mit Punkt.txt": 17},
    "empty files": {"empty": 0, "full": 50_000, "z/empty too": 0},
    "many small files": {f"n{number:03}": number * 37 for number in range(120)},
    "a folder of one file": {"only": 100_000},
}


def write_files(root: Path, layout: dict[str, int]) -> Path:
    randomness = random.Random(1)
    for name, size in layout.items():
        path = root / name if name else root
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(randomness.randbytes(size))
    return root


def ours(path: Path, *, is_hybrid: bool = False, threads: int = 2) -> bytes:
    making = Making(path, Recipe(is_hybrid=is_hybrid, piece_length=16_384), threads)
    for _ in making.run(Stop()):
        pass
    return making.torrent()


def libtorrents(path: Path, *, is_hybrid: bool) -> bytes:
    """libtorrent's own torrent of these files, given them in the canonical order."""
    root = path.parent
    entries = [
        lt.create_file_entry(str(found.relative_to(root)), found.stat().st_size)
        for found in sorted(
            (p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path],
            key=lambda p: tuple(part.encode() for part in p.relative_to(root).parts),
        )
    ]
    flags = lt.create_torrent.canonical_files if is_hybrid else lt.create_torrent.v1_only
    torrent = lt.create_torrent(entries, 16_384, flags)
    lt.set_piece_hashes(torrent, str(root))
    return lt.bencode(torrent.generate())


@pytest.mark.parametrize("is_hybrid", [False, True], ids=["version 1", "hybrid"])
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_equals_libtorrent_byte_for_byte(
    layout: dict[str, int], is_hybrid: bool, tmp_path: Path
) -> None:
    path = write_files(tmp_path / "Die Lieder", layout)
    mine, mine_spans = read_dictionary(made := ours(path, is_hybrid=is_hybrid))
    theirs, their_spans = read_dictionary(wanted := libtorrents(path, is_hybrid=is_hybrid))
    assert made[mine_spans[b"info"]] == wanted[their_spans[b"info"]]
    assert mine.get(b"piece layers", {}) == theirs.get(b"piece layers", {})


@pytest.mark.parametrize("is_hybrid", [False, True], ids=["version 1", "hybrid"])
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_what_is_made_is_accepted_by_our_own_reader(
    layout: dict[str, int], is_hybrid: bool, tmp_path: Path
) -> None:
    path = write_files(tmp_path / "Die Lieder", layout)
    read = metainfo.read(ours(path, is_hybrid=is_hybrid))
    assert (read.total_size, read.name) == (sum(layout.values()), "Die Lieder")


def test_the_number_of_threads_changes_nothing(tmp_path: Path) -> None:
    path = write_files(tmp_path / "songs", LAYOUTS["many small files"])
    assert ours(path, threads=1) == ours(path, threads=5)


def test_leaves_out_junk_and_says_how_much(tmp_path: Path) -> None:
    names = {"song": 1, ".hidden": 1, "Thumbs.db": 1, "x.part": 1, ".git/config": 1}
    path = write_files(tmp_path / "songs", names)
    (path / "link").symlink_to(path / "song")
    making = Making(path, Recipe())
    assert [file.path for file in making.collection.files] == [("song",)]
    left_out = (".git", ".hidden", "Thumbs.db", "link", "x.part")
    assert making.collection.left_out == left_out
    assert "5 left out" in left_out_notice(making.collection)
    assert ".git, .hidden, Thumbs.db, …" in left_out_notice(making.collection)


def test_leaves_out_a_crash_and_cvs_but_not_what_is_only_called_so(tmp_path: Path) -> None:
    path = write_files(tmp_path / "songs", {"CVS/Root": 1, "more/CVS/track": 1, "core/track": 1})
    (path / "core" / "core").write_bytes(b"a song")
    (path / "more" / "core").write_bytes(b"\x7fELF and more")
    assert Making(path, Recipe()).collection.left_out == ("CVS", "more/core")


@pytest.mark.parametrize("name", ["a:b", "CON", "dot.", "b\udcff"])
def test_refuses_names_that_not_everybody_can_store(name: str, tmp_path: Path) -> None:
    (tmp_path / "songs").mkdir()
    (tmp_path / "songs" / name).write_bytes(b"x")
    with pytest.raises(FormatError, match=name.encode("ascii", "ignore").decode()):
        Making(tmp_path / "songs", Recipe())


def test_refuses_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="There is no file or folder"):
        Making(tmp_path / "nothing", Recipe())


def test_refuses_files_without_content(tmp_path: Path) -> None:
    path = write_files(tmp_path / "songs", {"empty": 0})
    with pytest.raises(FormatError, match="empty"):
        Making(path, Recipe())


def test_notices_a_file_that_changes_while_it_is_hashed(tmp_path: Path) -> None:
    path = write_files(tmp_path / "songs", {"a": 100_000, "b": 100_000})
    running = Making(path, Recipe(piece_length=16_384), threads=1).run(Stop())
    next(running)
    with (path / "b").open("ab") as file:
        file.write(b"more")
    with pytest.raises(JobError, match="changed while it was read"):
        list(running)


def test_notices_a_file_that_became_shorter(tmp_path: Path) -> None:
    path = write_files(tmp_path / "songs", {"a": 100_000})
    source = Source(path / "a", 100_001)
    with pytest.raises(JobError, match="changed"):
        list(Hasher([source], 16_384, with_roots=False, threads=1, standby=Standby()).run())


def test_stops_when_asked(tmp_path: Path) -> None:
    path = write_files(tmp_path / "song", {"": 5_000_000})
    stop = Stop()
    running = Making(path, Recipe(piece_length=16_384)).run(stop)
    next(running)
    stop.ask()
    with pytest.raises(JobStopped):
        list(running)
