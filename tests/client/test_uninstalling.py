"""Before the program goes, its window does, and what that leaves behind."""

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from client.installation import end_window
from client.opening.handover import Door, Request, open_door, private_folder


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A runtime folder; its path is short, as the real one's."""
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


def open_window(state: Path) -> Door:
    """A window that ends when it is asked to."""

    def receive(request: Request) -> None:
        assert request.words == ("quit",)
        door.shut()
        door.give_up()

    door = open_door(state, receive)
    assert door is not None
    return door


@pytest.mark.parametrize("left", ["nothing", "a window", "the socket of a crash"])
def test_nothing_is_left_where_windows_meet(left: str, run: Path, state: Path) -> None:
    (run / "bus").touch()
    door = open_window(state) if left != "nothing" else None
    if left == "the socket of a crash" and door is not None:
        name = next(private_folder().iterdir())
        door.shut()
        door.give_up()
        with socket.socket(socket.AF_UNIX) as crashed:
            crashed.bind(str(name))
    end_window(state)
    assert [path.relative_to(run).as_posix() for path in run.rglob("*")] == ["bus"]


def test_the_way_to_a_window_with_another_state_stays(
    run: Path, state: Path, tmp_path: Path
) -> None:
    other = open_window(tmp_path / "portable")
    end_window(state)
    folder = run / f"passalong-{os.getuid()}"
    assert len(list(folder.iterdir())) == 1
    end_window(tmp_path / "portable")
    assert not folder.exists()
    other.shut()
