"""What a job that follows the engine says and keeps when things go wrong."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from client.engine.transfer import Order, Stage, Transfer
from client.engine.trouble import Kind, Trouble
from client.errors import FolderError, JobError
from client.folders.keeping import Kept, open_kept
from client.jobs.following import follow
from client.jobs.progress import Phase, Progress
from client.jobs.stopping import Stop, StopRule
from tests.client.jobs.test_publish import FakeEngine

FULL = Trouble(Kind.DISK_FULL, "The disk is full.")


class FullDisk(FakeEngine):
    """Meets a full disk, which takes no notes any more."""

    def __init__(self, notes: Path) -> None:
        super().__init__()
        self._notes = notes

    def watch(self, info_hash: bytes, *, after: int, timeout: float) -> Transfer:
        shutil.rmtree(self._notes)
        return Transfer(info_hash, after + 1, Stage.DOWNLOADING, resume=b"half", trouble=FULL)


def test_a_note_that_cannot_be_kept_does_not_hide_the_trouble(tmp_path: Path) -> None:
    kept = open_kept(tmp_path / "state", b"h" * 20, tmp_path)
    order = Order(b"h" * 20, tmp_path, files=("song",))
    engine = FullDisk(kept.folder)
    job = follow(engine, order, kept, Progress(Phase.CHECKING), Stop(), StopRule())
    with pytest.raises(JobError) as fault:
        list(job)
    kept.close()
    assert fault.value.trouble == FULL
    assert engine.stopped == [b"h" * 20]


class Busy(FakeEngine):
    """Writes on and on, with a new note each time; what is still to be made is made as it stops."""

    late: Path | None = None

    def watch(self, info_hash: bytes, *, after: int, timeout: float) -> Transfer:
        return Transfer(info_hash, after + 1, Stage.DOWNLOADING, resume=b"%d" % (after + 1))

    def stop(self, info_hash: bytes) -> Transfer:
        if self.late is not None:
            self.late.mkdir()
        return super().stop(info_hash)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    """What is remembered of an album."""
    kept = open_kept(tmp_path / "state", b"h" * 20, tmp_path / "bob")
    yield kept
    kept.close()


def album_job(kept: Kept, folder: Path, late: Path | None = None) -> Iterator[Progress]:
    """A download under way, with its first note kept."""
    files = ("album/1.ogg", "album/2.ogg")
    order = Order(b"h" * 20, folder, files=files)
    # Its files are there before it begins.
    engine = Busy()
    engine.add(order)
    engine.late = late
    start = Progress(Phase.CHECKING)
    job = follow(engine, order, kept, start, Stop(), StopRule(), due=frozenset(files))
    next(job)
    return job


@pytest.mark.parametrize(
    ("moved", "late", "kind"),
    [
        ("album", None, Kind.FOLDER_GONE),
        ("album", "album", Kind.UNFIT),
        ("album/2.ogg", None, Kind.UNFIT),
    ],
    ids=["nothing is there", "the engine makes it anew", "a file is missing"],
)
def test_only_what_is_away_altogether_is_waited_for(
    moved: str, late: str | None, kind: Kind, kept: Kept, tmp_path: Path
) -> None:
    folder = tmp_path / "bob"
    job = album_job(kept, folder, folder / late if late else None)
    (folder / moved).rename(tmp_path / "elsewhere")
    with pytest.raises(JobError) as fault:
        next(job)
    assert isinstance(fault.value.trouble, Trouble)
    assert fault.value.trouble.kind is kind
    assert kept.resume is None


def test_a_folder_that_does_not_answer_for_a_moment_is_not_gone(kept: Kept, tmp_path: Path) -> None:
    folder = tmp_path / "bob"
    job = album_job(kept, folder)
    folder.rename(tmp_path / "away")
    # A link to itself leads neither to something nor to nothing.
    folder.symlink_to(folder)
    next(job)
    assert kept.resume == b"1"

    folder.unlink()
    (tmp_path / "away").rename(folder)
    next(job)
    assert kept.resume == b"3"


def test_nothing_is_held_open_when_no_note_can_be_kept(kept: Kept, tmp_path: Path) -> None:
    shutil.rmtree(kept.folder)
    before = set(Path("/proc/self/fd").iterdir())
    with pytest.raises(FolderError):
        album_job(kept, tmp_path / "bob")
    assert set(Path("/proc/self/fd").iterdir()) <= before
