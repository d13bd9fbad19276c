"""Going on in another folder: what was saved comes along whole, or stays where it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from client.errors import JobStopped
from client.folders.carrying import Carrying
from client.folders.keeping import kept_torrent, open_kept
from client.jobs.download import Saving
from client.jobs.moving import continue_elsewhere
from client.jobs.progress import Progress
from client.jobs.stopping import Stop, StopRule
from client.opening.what import Torrent
from tests.client.conftest import make_torrent
from tests.client.jobs.test_publish import FakeEngine

PART = b"la" * 1_000_000


@pytest.fixture
def begun(state: Path, tmp_path: Path) -> Torrent:
    """Bob has a part of it in his first folder; the engine's own file lies beside it."""
    folder = tmp_path / "first/album"
    folder.mkdir(parents=True)
    (folder / "1.ogg").write_bytes(PART)
    (folder / "2.ogg").write_bytes(PART)
    torrent = make_torrent(folder)
    (folder / "2.ogg").unlink()
    (tmp_path / f"first/.{torrent.metainfo.info_hash.hex()}.parts").write_bytes(b"a part")
    kept = open_kept(state, torrent.metainfo.info_hash, tmp_path / "first")
    kept.keep(torrent.content, "album", is_ours=True)
    kept.keep_resume(b"resume")
    kept.close()
    return torrent


def move(torrent: Torrent, state: Path, folder: Path, stop: Stop | None = None) -> list[Progress]:
    """All moments until the download itself has a place."""

    def moments() -> Iterator[Progress]:
        for moment in continue_elsewhere(
            torrent,
            Saving(folder / "second"),
            folder / "first",
            state,
            FakeEngine(),
            stop or Stop(),
            StopRule(when_complete=True),
        ):
            yield moment
            if moment.place is not None:
                return

    return list(moments())


def files(folder: Path) -> dict[str, bytes]:
    """All with something in them; the engine makes the others."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


@pytest.mark.parametrize("is_same_disk", [True, False])
def test_what_was_saved_comes_along(
    begun: Torrent,
    state: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_same_disk: bool,
) -> None:
    if not is_same_disk:
        monkeypatch.setattr(Carrying, "rename", lambda _: False)
    before = files(tmp_path / "first")
    last = move(begun, state, tmp_path)[-1]
    assert files(tmp_path / "second") == before
    assert (files(tmp_path / "first"), last.place) == ({}, tmp_path / "second/album")
    assert kept_torrent(state, begun.metainfo.info_hash, tmp_path / "first") is None


def test_a_copy_that_is_interrupted_leaves_everything_where_it_was(
    begun: Torrent, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Carrying, "rename", lambda _: False)
    before, stop = files(tmp_path / "first"), Stop()
    stop.ask()
    with pytest.raises(JobStopped):
        move(begun, state, tmp_path, stop)
    assert (files(tmp_path / "first"), files(tmp_path / "second")) == (before, {})
    move(begun, state, tmp_path)
    assert files(tmp_path / "second") == before


def test_it_begins_anew_and_says_so_when_the_first_folder_is_gone(
    begun: Torrent, state: Path, tmp_path: Path
) -> None:
    (tmp_path / "first").rename(tmp_path / "unplugged")
    last = move(begun, state, tmp_path)[-1]
    assert "cannot be read now" in last.remains
    assert kept_torrent(state, begun.metainfo.info_hash, tmp_path / "first") is not None


def test_what_was_begun_there_earlier_goes_on_and_nothing_is_overwritten(
    begun: Torrent, state: Path, tmp_path: Path
) -> None:
    (tmp_path / "second/album").mkdir(parents=True)
    (tmp_path / "second/album/2.ogg").write_bytes(PART)
    kept = open_kept(state, begun.metainfo.info_hash, tmp_path / "second")
    kept.keep(begun.content, "album", is_ours=True)
    kept.close()
    before = files(tmp_path / "first")
    last = move(begun, state, tmp_path)[-1]
    assert (files(tmp_path / "second"), files(tmp_path / "first")) == (
        {"album/2.ogg": PART},
        before,
    )
    assert "nothing was deleted there" in last.remains
