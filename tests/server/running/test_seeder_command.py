"""`manage.py seeder`, beside what it keeps: two in one folder."""

import threading
from contextlib import ExitStack
from pathlib import Path

from server.running import data_folder
from server.running.management.commands.seeder import alone_in


class Waiting(threading.Event):
    """Lets the other seeder end when somebody waits."""

    def __init__(self, other: ExitStack) -> None:
        super().__init__()
        self._other = other

    def wait(self, timeout: float | None = None) -> bool:
        self._other.close()
        return False


def test_waits_for_another_one_in_its_folder(tmp_path: Path) -> None:
    with ExitStack() as other:
        assert other.enter_context(data_folder.locked(tmp_path / "seeder.lock"))
        with alone_in(tmp_path, Waiting(other)) as is_alone:
            assert is_alone


def test_waits_no_longer_when_it_is_told_to_stop(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    with (
        data_folder.locked(tmp_path / "seeder.lock"),
        alone_in(tmp_path, stop) as is_alone,
    ):
        assert not is_alone
