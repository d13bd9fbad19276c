"""A file that somebody moves while it is downloaded is missed, and gone on with when it is back."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from client.engine.trouble import Kind, Trouble
from client.errors import JobError
from client.jobs.download import Saving, download
from client.jobs.progress import Phase, Progress
from client.jobs.stopping import Stop, StopRule
from client.opening.what import Torrent
from tests.client.conftest import Engines, Tracker, make_torrent
from tests.client.gui.test_window import shared

SIZE = 1_000_000
COMPLETE = StopRule(when_complete=True)


@pytest.fixture
def album(tracker: tuple[Tracker, str], tmp_path: Path) -> Torrent:
    """Two files."""
    folder = tmp_path / "alice/album"
    folder.mkdir(parents=True)
    for number in (1, 2):
        (folder / f"{number}.ogg").write_bytes(random.Random(number).randbytes(SIZE // 2))
    return make_torrent(folder, tracker[1])


def half_of(job: Iterator[Progress]) -> None:
    """Go on until half of it has arrived."""
    next(one for one in job if one.phase is Phase.DOWNLOADING and one.done_bytes >= SIZE / 2)


@pytest.mark.parametrize(
    ("moved", "save_seconds"),
    [("album", 5.0), ("album/2.ogg", 5.0), ("album", 0.3)],
    ids=["all of it", "a part of it", "all of it, and the engine makes it anew"],
)
def test_what_is_moved_meanwhile_is_not_called_done_and_goes_on_when_it_is_back(
    moved: str,
    save_seconds: float,
    album: Torrent,
    engines: Engines,
    state: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("client.engine.saving._FIRST_SECONDS", save_seconds)
    saving = Saving(tmp_path / "bob")
    with shared(tmp_path / "alice/album", album, engines(upload=600_000)):
        job = download(album, saving, state, engines(), Stop(), COMPLETE)
        half_of(job)
        (tmp_path / "bob" / moved).rename(tmp_path / "elsewhere")
        with pytest.raises(JobError) as fault:
            list(job)
        assert isinstance(fault.value.trouble, Trouble)
        assert fault.value.trouble.kind in {Kind.FOLDER_GONE, Kind.UNFIT}

        shutil.rmtree(tmp_path / "bob" / moved, ignore_errors=True)
        (tmp_path / "elsewhere").rename(tmp_path / "bob" / moved)
        again = list(download(album, saving, state, engines(), Stop(), COMPLETE))
        checked = next(one for one in again if one.phase is not Phase.CHECKING)
        assert checked.done_bytes > SIZE * 0.4
        assert again[-1].place == tmp_path / "bob/album"
    for number in (1, 2):
        saved = (tmp_path / f"bob/album/{number}.ogg").read_bytes()
        assert saved == (tmp_path / f"alice/album/{number}.ogg").read_bytes()
