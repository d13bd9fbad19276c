"""The data folder: private, complete, and used by one copy at a time."""

import sys
from pathlib import Path

import pytest

from server.running import data_folder
from server.running.data_folder import AlreadyRunning, RunningCopy
from tests.programs import ROOT, clean_environment, running

COPY = RunningCopy("http://127.0.0.1:8000", 4711, 8000, 6969)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data_folder.make(tmp_path / "data")
    return tmp_path / "data"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps folders private by other means")
def test_nobody_else_can_read_it(folder: Path) -> None:
    assert (mode(folder), mode(folder / "secret-key")) == (0o700, 0o600)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps folders private by other means")
def test_closes_a_folder_that_somebody_made_open(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)
    data_folder.make(tmp_path / "open")
    assert mode(tmp_path / "open") == 0o700


def test_keeps_the_secret_key_that_is_there(folder: Path) -> None:
    key = (folder / "secret-key").read_text()

    data_folder.make(folder)

    assert (folder / "secret-key").read_text() == key


def test_every_folder_has_a_key_of_its_own(folder: Path, tmp_path: Path) -> None:
    data_folder.make(tmp_path / "other")

    keys = {(place / "secret-key").read_text() for place in (folder, tmp_path / "other")}
    assert len(keys) == 2
    assert min(map(len, keys)) >= 50


def test_leaves_no_draft_behind(folder: Path) -> None:
    names = {path.name for path in folder.iterdir()}
    assert names == {"queue", "queue-control", "secret-key", "templates"}


def test_refuses_a_second_copy_and_says_where_the_first_one_is(folder: Path) -> None:
    with data_folder.only_copy(folder):
        COPY.announce(folder)
        with (
            pytest.raises(AlreadyRunning, match=r"at http://127.0.0.1:8000 \(process 4711\)"),
            data_folder.only_copy(folder),
        ):
            pass


def test_forgets_the_copy_that_has_ended(folder: Path) -> None:
    with data_folder.only_copy(folder):
        COPY.announce(folder)

    assert RunningCopy.read(folder) is None
    with data_folder.only_copy(folder):
        pass


def test_a_killed_copy_holds_nothing(folder: Path, tmp_path: Path) -> None:
    script = tmp_path / "holder.py"
    script.write_text(
        "import sys, time\nfrom pathlib import Path\nfrom server.running import data_folder\n"
        "with data_folder.only_copy(Path(sys.argv[1])):\n"
        "    print('held', flush=True)\n    time.sleep(60)\n"
    )
    environment = clean_environment(PYTHONPATH=str(ROOT))
    with running([sys.executable, script, folder], tmp_path / "log", environment) as holder:
        holder.wait_for_output("held")
        with pytest.raises(AlreadyRunning, match="just starting"), data_folder.only_copy(folder):
            pass
        holder.kill()

    with data_folder.only_copy(folder):
        pass


@pytest.mark.parametrize("text", ["", "{", "[]", '{"url": "x"}', "\x00"])
def test_a_damaged_announcement_is_none(folder: Path, text: str) -> None:
    (folder / "serve.json").write_text(text)

    assert RunningCopy.read(folder) is None


def test_an_announcement_is_read_as_it_was_written(folder: Path) -> None:
    COPY.announce(folder)

    assert RunningCopy.read(folder) == COPY
