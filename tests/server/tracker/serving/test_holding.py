"""Who may use the tracker's folder beside whom."""

import errno
from pathlib import Path

import pytest

from server.tracker.serving import holding
from server.tracker.serving.holding import HeldError, hold

fcntl = pytest.importorskip("fcntl", reason="Windows has no such locks.")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "SECONDS_TO_LET_GO", -1)


@pytest.mark.parametrize(("first", "second"), [(True, True), (True, False), (False, True)])
def test_several_processes_have_the_folder_to_themselves(
    tmp_path: Path, first: bool, second: bool
) -> None:
    hold(tmp_path, is_alone=first)
    with pytest.raises(HeldError, match="Another tracker"):
        hold(tmp_path, is_alone=second)


def test_others_may_be_beside_each_other(tmp_path: Path) -> None:
    hold(tmp_path, is_alone=False)
    hold(tmp_path, is_alone=False)


def test_a_disk_without_locks_is_nobodys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int, wish: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    hold(tmp_path, is_alone=True)
