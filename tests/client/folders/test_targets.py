"""Paths stay below the folder, and hit nothing that is there."""

import resource
from dataclasses import replace
from pathlib import Path

import pytest

from client.errors import FolderError
from client.folders.keeping import open_kept, write_whole
from client.folders.places import downloads_folder, state_folder
from client.folders.space import check_largest, check_space
from client.folders.stamps import Stamps, look
from client.folders.stamps import read as read_stamps
from client.folders.stamps import write as write_stamps
from client.folders.targets import place, prepare_folder, reserve_at, reserve_beside
from installer.errors import NameRefused
from installer.formats.metainfo import File, Metainfo
from tests.client.conftest import make_torrent


@pytest.fixture
def song(tmp_path: Path) -> Metainfo:
    (tmp_path / "song.tar.gz").write_bytes(b"la" * 50_000)
    return make_torrent(tmp_path / "song.tar.gz").metainfo


def test_a_single_file_stands_in_the_folder(song: Metainfo, tmp_path: Path) -> None:
    target = place(song, tmp_path / "x")
    assert (target.files, target.path) == (("song.tar.gz",), tmp_path / "x/song.tar.gz")


def test_finds_a_free_name_before_the_extension(song: Metainfo, tmp_path: Path) -> None:
    assert reserve_beside(song, tmp_path).name == "song.tar (2).gz"


def test_a_name_that_is_taken_is_refused_when_it_was_chosen(song: Metainfo, tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="already something"):
        reserve_at(song, tmp_path / "song.tar.gz")


def test_a_broken_link_counts_as_something(song: Metainfo, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/song.tar.gz").symlink_to("/nowhere")
    assert reserve_beside(song, tmp_path / "out").name == "song.tar (2).gz"


@pytest.mark.parametrize("path", [("..", "x"), ("/etc", "x"), ("a", "..", "..", "..", "x")])
def test_a_path_that_leads_out_is_refused_even_if_the_reader_let_it_in(
    song: Metainfo, path: tuple[str, ...], tmp_path: Path
) -> None:
    hostile = replace(song, is_folder=True, name="a", files=(File(("..", *path), 1),))
    with pytest.raises(FolderError, match="leads out"):
        place(hostile, tmp_path)


def test_a_chosen_name_is_checked_too(song: Metainfo, tmp_path: Path) -> None:
    with pytest.raises(NameRefused):
        place(song, tmp_path, "a/b")


def test_a_path_that_is_too_long_is_refused(song: Metainfo, tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="too long"):
        place(song, tmp_path.joinpath(*["x" * 200] * 25))


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FolderError, match="cannot be made"):
        prepare_folder(tmp_path / "file/below")


def test_a_disk_that_is_too_small_is_refused(song: Metainfo, tmp_path: Path) -> None:
    target = place(song, tmp_path / "new/folder")
    check_space(target, 1000)
    with pytest.raises(FolderError, match="GB more is needed"):
        check_space(target, 10**18)


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    kept = open_kept(tmp_path, b"h" * 20, tmp_path / "a")
    assert (kept.name, kept.torrent, kept.resume) == (None, None, None)
    kept.keep(b"torrent", "Ünter", is_ours=True)
    kept.keep_resume(b"resume")
    kept.close()
    again = open_kept(tmp_path, b"h" * 20, tmp_path / "a")
    assert (again.name, again.torrent, again.resume) == ("Ünter", b"torrent", b"resume")
    assert again.is_ours
    again.close()


def test_two_downloads_of_one_name_get_two_places(song: Metainfo, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    names = [reserve_beside(song, tmp_path / "x").name for _ in range(3)]
    assert names == ["song.tar.gz", "song.tar (2).gz", "song.tar (3).gz"]


def test_stamps_come_back(tmp_path: Path) -> None:
    (tmp_path / "song").write_bytes(b"la")
    stamps = Stamps(look(tmp_path, ["song", "gone"]), is_settled=True)
    assert stamps.files[1] is None
    assert read_stamps(write_stamps(stamps), 2) == stamps


@pytest.mark.parametrize(
    "damage", [b"", b"[]", b"{}", b'{"files": [3], "is_settled": true}', b'{"files": [["a", 1]]}']
)
def test_damaged_stamps_are_none(damage: bytes) -> None:
    assert read_stamps(damage, 1) is None


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"name": 3}', b"\xff"])
def test_a_damaged_record_is_no_record(damage: bytes, tmp_path: Path) -> None:
    kept = open_kept(tmp_path, b"h" * 20, tmp_path / "a")
    write_whole(kept.folder / "record.json", damage)
    assert kept.name is None
    kept.close()


def test_another_folder_is_another_transfer(tmp_path: Path) -> None:
    first = open_kept(tmp_path, b"h" * 20, tmp_path / "a")
    second = open_kept(tmp_path, b"h" * 20, tmp_path / "b")
    assert first.folder != second.folder
    first.close()
    second.close()


def test_the_state_folder_can_be_chosen(tmp_path: Path) -> None:
    assert state_folder({"PASSALONG_HOME": str(tmp_path)}) == tmp_path


def test_the_downloads_folder_may_have_another_name(tmp_path: Path) -> None:
    (tmp_path / "user-dirs.dirs").write_text(
        '# comment\nXDG_DOWNLOAD_DIR="$HOME/Téléchargements"\n', encoding="utf-8"
    )
    found = downloads_folder({"XDG_CONFIG_HOME": str(tmp_path)})
    assert found == Path.home() / "Téléchargements"


def test_a_second_name_is_as_short_as_the_first(tmp_path: Path) -> None:
    name = "ü" * 118 + ".ogg"
    (tmp_path / name).write_bytes(b"la")
    target = reserve_beside(make_torrent(tmp_path / name).metainfo, tmp_path)
    assert target.name.endswith("ü (2).ogg")
    assert len(target.name.encode()) <= 240


def test_refuses_a_file_that_the_disk_cannot_hold(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**32 - 1, before[1]))
    try:
        with pytest.raises(FolderError, match="cannot hold files of that size"):
            check_largest(tmp_path, 2**32)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    check_largest(tmp_path, 2**32)
    assert list(tmp_path.iterdir()) == []
