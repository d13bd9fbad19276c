"""Going on in another folder: what was saved comes along whole, or stays where it is."""

import errno
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Self

import pytest

from client import jobs
from client.errors import FolderError, JobError, JobStopped
from client.folders import carrying
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


def opened_with_a_bad_place(bad: Path) -> Callable[..., IO[bytes]]:
    """How to open files when the first bytes of one cannot be read."""
    usual = Path.open

    def opened(path: Path, *words: Any, **options: Any) -> Any:
        file = usual(path, *words, **options)
        return BadPlace(file) if path == bad else file

    return opened


class BadPlace:
    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def seek(self, place: int) -> None:
        self._file.seek(place)

    def read(self, size: int) -> bytes:
        if self._file.tell() == 0:
            raise OSError(errno.EIO, "")
        return self._file.read(size)


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


def test_a_folder_that_cannot_be_renamed_is_copied_whole(
    begun: Torrent, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.replace

    def replace(path: Path, target: Path) -> Path:
        if path == tmp_path / "first/album":
            raise PermissionError
        return rename(path, target)

    before = files(tmp_path / "first")
    monkeypatch.setattr(Path, "replace", replace)
    move(begun, state, tmp_path)
    assert (files(tmp_path / "first"), files(tmp_path / "second")) == ({}, before)


def test_a_bad_place_on_the_disk_costs_nothing_else(
    begun: Torrent, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Carrying, "rename", lambda _: False)
    monkeypatch.setattr(carrying, "_CHUNK", 1_000_000)
    before = files(tmp_path / "first")
    monkeypatch.setattr(Path, "open", opened_with_a_bad_place(tmp_path / "first/album/1.ogg"))
    last = move(begun, state, tmp_path)[-1]
    monkeypatch.undo()
    assert files(tmp_path / "second/album") == {"1.ogg": bytes(1_000_000) + PART[1_000_000:]}
    assert files(tmp_path / "first") == before
    assert "nothing was deleted there" in last.remains


def test_a_drive_that_is_pulled_out_while_copying_is_named(
    begun: Torrent, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Carrying, "rename", lambda _: False)
    (tmp_path / "second/album").mkdir(parents=True)
    new = open_kept(state, begun.metainfo.info_hash, tmp_path / "second")
    new.keep(begun.content, "album", is_ours=True, is_arriving=True)
    new.close()
    (tmp_path / "first").rename(tmp_path / "unplugged")
    for _again in range(2):
        move(begun, state, tmp_path)
    (tmp_path / "unplugged").rename(tmp_path / "first")
    last = move(begun, state, tmp_path)[-1]
    assert "nothing was deleted there" in last.remains
    assert kept_torrent(state, begun.metainfo.info_hash, tmp_path / "first") is not None


def test_where_it_lies_is_said_before_it_is_found_too_full(
    begun: Torrent, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise FolderError("It is too full.")

    monkeypatch.setattr(jobs.download, "check_space", refuse)
    moments = continue_elsewhere(
        begun,
        Saving(tmp_path / "second"),
        tmp_path / "first",
        state,
        FakeEngine(),
        Stop(),
        StopRule(when_complete=True),
    )
    places = []
    with pytest.raises(JobError):
        places.extend(moment.place for moment in moments)
    assert places[-1] == tmp_path / "second/album"


def test_back_in_the_first_folder_it_simply_goes_on(
    begun: Torrent, state: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "first"
    moments = continue_elsewhere(
        begun, Saving(folder), folder, state, FakeEngine(), Stop(), StopRule(when_complete=True)
    )
    assert [moment.place for moment in moments][-1] == folder / "album"


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
