"""Processes that hash: their start and their end. What they find is tested with hashing."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from client.jobs.pieces import Pieces, Source
from client.jobs.worker import COMMAND, READY
from client.jobs.workers import Standby, Workers
from tests.programs import wait_until

PIECE = 1 << 18

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Elsewhere threads do it all.")


def has_ended(workers: Workers) -> bool:
    """Whether the process that was started, and all that came from it, are gone."""
    try:
        os.killpg(workers.process_id, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.fixture
def pieces(tmp_path: Path) -> Pieces:
    """So many that nobody is done with them at once."""
    path = tmp_path / "film"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    return Pieces([Source(path, 1 << 30)], PIECE, with_roots=False)


def test_they_say_when_nothing_comes(pieces: Pieces) -> None:
    workers = Workers()
    assert workers.has_answer(30)
    os.killpg(workers.process_id, signal.SIGSTOP)
    hashing = workers.hash(pieces, list(pieces.runs()), 2, patience=0)
    assert next(hashing) == (range(0), b"")
    workers.close()
    wait_until("their end", lambda: has_ended(workers))


def test_they_end_with_whoever_started_them_in_the_middle_of_it(pieces: Pieces) -> None:
    workers = Workers()
    hashing = workers.hash(pieces, list(pieces.runs()), 2, patience=30)
    run, hashes = next(hashing)
    assert len(hashes) == 20 * len(run) > 0
    workers.close()
    wait_until("their end", lambda: has_ended(workers))


def test_they_end_when_nothing_is_to_be_done() -> None:
    command = [sys.executable, "-m", "client", COMMAND]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=30)
    assert (done.returncode, done.stdout, done.stderr) == (0, READY, b"")


def test_one_that_ends_leaves_out_its_run_and_the_others_do_the_rest(pieces: Pieces) -> None:
    film = pieces.sources[0]
    with_a_gap = Pieces([film, Source(Path("/nothing"), PIECE), film], PIECE, with_roots=False)
    runs, gap = list(with_a_gap.runs()), len(pieces)
    workers = Workers()
    found = {run for run, _ in workers.hash(with_a_gap, runs, 2, patience=30)}
    assert found == {run for run in runs if gap not in run}
    workers.close()


def test_those_who_stand_by_are_taken_once_and_the_rest_is_sent_away() -> None:
    standby = Standby()
    standby.call()
    taken = standby.take()
    assert taken is not None
    assert standby.take() is None
    standby.call()
    standby.close()
    standby.call()
    assert standby.take() is None
    taken.close()
    assert has_ended(taken)
