"""What a job that follows the engine says when things go wrong."""

import shutil
from pathlib import Path

import pytest

from client.engine.transfer import Order, Stage, Transfer
from client.engine.trouble import Kind, Trouble
from client.errors import JobError
from client.folders.keeping import open_kept
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
