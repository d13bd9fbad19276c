"""What we build is what libtorrent builds, byte for byte, and what we read back."""

from collections.abc import Mapping
from pathlib import Path

import libtorrent
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.errors import MetainfoError, NameRefused
from installer.formats import metainfo
from installer.formats.metainfo import File, Limits
from tests.installer import torrents

FOLDERS: list[Mapping[str, int]] = [
    {"a": 5},
    {"a": 16_384, "b": 16_384},
    {"a": 0, "b": 5, "c": 0},
    {"a": 5, "b": 0},
    {"sub/a": 40_000},
    {"B": 20_000, "a": 1, "a.b": 65_537, "a0": 16_385, "dir/sub/é": 100_000, "dir/x": 3},
    {"Zoë": 300_000, "z z": 32_768, "deep/er/and/er": 16_383},
]
SINGLE = [1, 16_383, 16_384, 16_385, 65_536, 200_001]
VERSIONS = pytest.mark.parametrize("is_hybrid", [False, True], ids=["version 1", "hybrid"])


def build(
    name: str, files: tuple[File, ...], piece_length: int, *, is_folder: bool, is_hybrid: bool
) -> tuple[bytes, dict[bytes, bytes]]:
    if is_hybrid:
        return torrents.info_hybrid(name, files, is_folder=is_folder, piece_length=piece_length)
    return torrents.info_v1(name, files, is_folder=is_folder, piece_length=piece_length), {}


def build_with_libtorrent(
    folder: Path, name: str, files: tuple[File, ...], piece_length: int, is_hybrid: bool
) -> tuple[bytes, dict[bytes, bytes]]:
    entries = []
    for file in files:
        path = "/".join((name, *file.path)) if file.path != (name,) else name
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(torrents.content_of(file))
        entries.append(libtorrent.create_file_entry(path, file.length))
    flags = 0 if is_hybrid else libtorrent.create_torrent.v1_only
    maker = libtorrent.create_torrent(entries, piece_length, flags)
    libtorrent.set_piece_hashes(maker, str(folder))
    torrent = maker.generate()
    return libtorrent.bencode(torrent[b"info"]), torrent.get(b"piece layers", {})


@VERSIONS
@pytest.mark.parametrize("piece_length", [16_384, 65_536])
@pytest.mark.parametrize("lengths", FOLDERS, ids=str)
def test_a_folder_equals_libtorrents(
    tmp_path: Path, lengths: Mapping[str, int], piece_length: int, is_hybrid: bool
) -> None:
    files = torrents.files(lengths)
    ours = build("top", files, piece_length, is_folder=True, is_hybrid=is_hybrid)
    assert ours == build_with_libtorrent(tmp_path, "top", files, piece_length, is_hybrid)


@VERSIONS
@pytest.mark.parametrize("piece_length", [16_384, 65_536])
@pytest.mark.parametrize("length", SINGLE)
def test_a_single_file_equals_libtorrents(
    tmp_path: Path, length: int, piece_length: int, is_hybrid: bool
) -> None:
    files = (File(("night.mkv",), length),)
    ours = build("night.mkv", files, piece_length, is_folder=False, is_hybrid=is_hybrid)
    assert ours == build_with_libtorrent(tmp_path, "night.mkv", files, piece_length, is_hybrid)


@VERSIONS
@pytest.mark.parametrize("lengths", FOLDERS, ids=str)
def test_is_read_back(lengths: Mapping[str, int], is_hybrid: bool) -> None:
    files = torrents.files(lengths)
    info, layers = build("top", files, 16_384, is_folder=True, is_hybrid=is_hybrid)
    read = metainfo.read(metainfo.write(info, piece_layers=layers))
    assert (read.info, read.files, read.piece_layers) == (info, files, layers)


def test_libtorrent_loads_a_file_that_is_named_like_a_folder_and_more() -> None:
    """libtorrent's own maker would put "dir.txt" first, and its reader refuses that."""
    files = torrents.files({"dir.txt": 5, "dir/file": 6})
    info, layers = torrents.info_hybrid("top", files)
    torrent = metainfo.write(info, piece_layers=layers)
    loaded = libtorrent.load_torrent_buffer(torrent).info_hashes
    assert loaded.v1.to_bytes() == metainfo.read(torrent).info_hash


@pytest.mark.parametrize("step", range(11))
def test_the_piece_length_is_libtorrents(step: int) -> None:
    border = 2**28 * 4**step // 100
    for size in (1, border - 2, border - 1, border, border + 1, border + 2):
        entry = libtorrent.create_file_entry("x", size)
        maker = libtorrent.create_torrent([entry], 0, libtorrent.create_torrent.v1_only)
        assert metainfo.piece_length_for(size) == maker.piece_length()


@given(st.lists(st.lists(st.text("ab./Z0é", min_size=1, max_size=3), min_size=1, max_size=3)))
def test_files_stand_in_the_order_of_a_file_tree(paths: list[list[str]]) -> None:
    files = metainfo.canonical_order([File(tuple(path), 1) for path in paths])
    keys = [[part.encode() for part in file.path] for file in files]
    assert keys == sorted(keys)


def test_refuses_another_order() -> None:
    with pytest.raises(ValueError, match="canonical order"):
        torrents.info_v1("top", (File(("b",), 1), File(("a",), 1)))


def test_refuses_what_no_site_would_accept_before_it_is_hashed() -> None:
    metainfo.check_files("top", [File(("a",), 1)])
    with pytest.raises(NameRefused, match="CON"):
        metainfo.check_files("top", [File(("CON",), 1)])
    with pytest.raises(NameRefused, match="UTF-8"):
        metainfo.check_files("top\udcff", [File(("a",), 1)])
    with pytest.raises(NameRefused, match="differs only"):
        metainfo.check_files("top", [File(("a",), 1), File(("A",), 1)])
    with pytest.raises(MetainfoError, match="too long"):
        metainfo.check_files("top", [File(("é" * 100,) * 5, 1)])
    with pytest.raises(MetainfoError, match="more than 99 folders"):
        metainfo.check_files("top", [File(("d",) * 101, 1)])
    with pytest.raises(NameRefused, match="padding"):
        metainfo.check_files("top", [File(("_____padding_file_0",), 1)])
    with pytest.raises(MetainfoError, match="kept for padding"):
        metainfo.check_files("top", [File((".pad", "5"), 1)])
    with pytest.raises(MetainfoError, match="nothing to publish"):
        metainfo.check_files("top", [File(("a",), 0)])
    with pytest.raises(MetainfoError, match="20,001 files"):
        metainfo.check_files("top", [File((str(number),), 1) for number in range(20_001)])


def test_refuses_before_hashing_what_exceeds_a_limit_of_reading() -> None:
    deep = [File(("d",) * 13, 10)]
    metainfo.check_files("top", deep)
    with pytest.raises(MetainfoError, match="too deep"):
        metainfo.check_files("top", deep, is_hybrid=True)
    for limits in (Limits(files=0), Limits(path_bytes=25), Limits(path_depth=12)):
        with pytest.raises(MetainfoError):
            metainfo.check_files("top", deep, limits)
    with pytest.raises(MetainfoError, match="larger than 9 bytes"):
        metainfo.check_files("top", deep, Limits(total_size=9))


@VERSIONS
@pytest.mark.parametrize("lengths", FOLDERS, ids=str)
def test_knows_the_size_of_a_torrent_before_hashing(
    lengths: Mapping[str, int], is_hybrid: bool
) -> None:
    files = torrents.files(lengths)
    info, layers = build("top", files, 16_384, is_folder=True, is_hybrid=is_hybrid)
    real = len(metainfo.write(info, piece_layers=layers))

    def check(limit: int) -> None:
        limits = Limits(torrent_bytes=limit)
        metainfo.check_torrent_size(
            "top", files, 16_384, limits, is_folder=True, is_hybrid=is_hybrid
        )

    check(real)
    with pytest.raises(MetainfoError, match=r"would have .* Longer pieces or fewer files"):
        check(real - 200)


def test_refuses_before_hashing_what_needs_too_many_pieces_or_values() -> None:
    film = [File(("film.mkv",), 2**41)]
    usual = metainfo.piece_length_for(2**41)
    metainfo.check_torrent_size("film.mkv", film, usual, is_folder=False)
    with pytest.raises(MetainfoError, match="at most 5,000,000"):
        metainfo.check_torrent_size("film.mkv", film, 2**20, is_folder=False)
    many = [File(("d",) * 30 + (str(number),), 1) for number in range(15_000)]
    with pytest.raises(MetainfoError, match="too many files and folders"):
        metainfo.check_torrent_size("top", many, 16_384, is_folder=True)


def test_golden_bytes() -> None:
    info = metainfo.info_v1(
        "a", [File(("a",), 5)], is_folder=False, piece_length=16_384, pieces=bytes(20), private=True
    )
    golden = b"d6:lengthi5e4:name1:a12:piece lengthi16384e6:pieces20:" + bytes(20)
    assert info == golden + b"7:privatei1ee"
    torrent = metainfo.write(info, announce=[["http://a/"]], created_by="us", creation_date=7)
    assert torrent == (
        b"d8:announce9:http://a/10:created by2:us13:creation datei7e4:info" + info + b"e"
    )
