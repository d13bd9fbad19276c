"""What the desk does with transfers, without a screen and without an engine."""

from pathlib import Path

import pytest

from client.engine.transfer import Engine
from client.errors import FolderError
from client.folders.keeping import open_kept
from client.folders.shelf import Shelved, write_shelf
from client.gui.desk import Desk
from tests.client.conftest import make_torrent


def no_engine() -> Engine:
    raise AssertionError("This needs no engine.")


def paused_desk(state: Path, path: Path, *, is_ours: bool) -> Desk:
    """A desk with one download that rests."""
    torrent = make_torrent(path)
    info_hash = torrent.metainfo.info_hash
    kept = open_kept(state, info_hash, path.parent)
    kept.keep(torrent.content, path.name, is_ours=is_ours)
    kept.close()
    write_shelf(state, [Shelved(info_hash.hex(), str(path.parent), path.name, is_active=False)])
    desk = Desk(no_engine, state)
    desk.restore()
    return desk


@pytest.fixture
def song(tmp_path: Path) -> Path:
    (tmp_path / "music").mkdir()
    (tmp_path / "music/song").write_bytes(b"la" * 50_000)
    return tmp_path / "music/song"


@pytest.mark.parametrize("is_ours", [True, False])
def test_deletes_only_what_it_made_itself(state: Path, song: Path, *, is_ours: bool) -> None:
    desk = paused_desk(state, song, is_ours=is_ours)
    desk.cancel(desk.transfers[0], is_deleted=True)
    assert song.exists() is not is_ours


def test_deletes_although_the_shelf_cannot_be_kept(
    state: Path, song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = paused_desk(state, song, is_ours=True)
    was_there: list[bool] = []

    def refuse(*_: object) -> None:
        was_there.append(song.exists())
        raise FolderError("The disk is full.")

    monkeypatch.setattr("client.gui.desk.write_shelf", refuse)
    desk.cancel(desk.transfers[0], is_deleted=True)
    assert was_there == [False]
    assert not desk.transfers


def test_what_is_shared_twice_is_one_transfer(state: Path, song: Path) -> None:
    desk = paused_desk(state, song, is_ours=False)
    assert desk.share(make_torrent(song), song) is desk.transfers[0]
    assert len(desk.transfers) == 1
    desk.close()


def test_forgets_nothing_that_another_transfer_needs(state: Path, song: Path) -> None:
    desk = paused_desk(state, song, is_ours=True)
    desk.restore()
    desk.cancel(desk.transfers[0], is_deleted=True)
    after = Desk(no_engine, state)
    after.restore()
    assert len(after.transfers) == 1
    assert song.exists()
