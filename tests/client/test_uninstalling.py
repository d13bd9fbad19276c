"""Before the program goes its person is asked; its window goes too, and what that leaves."""

import io
import os
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from client import commands
from client.installation import end_window
from client.opening.handover import Door, Request, open_door, private_folder
from client.program import main


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


class Terminal(io.StringIO):
    """Somebody sits there and types."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def forgotten(run: Path, state: Path, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether settings and list were forgotten, for each time that it was uninstalled."""
    forgotten: list[bool] = []

    def uninstall(_state: Path, *, is_forgetting: bool) -> str:
        forgotten.append(is_forgetting)
        return "It is gone."

    monkeypatch.setenv("PASSALONG_HOME", str(state))
    monkeypatch.setattr(commands, "uninstall", uninstall)
    monkeypatch.delenv("DISPLAY", raising=False)
    return forgotten


@pytest.mark.parametrize(
    ("words", "typed", "is_forgotten"),
    [
        ([], "y\n", True),
        ([], "\n", False),
        (["--quiet"], "y\n", False),
        (["--quiet", "--forget"], "", True),
        ([], None, False),
    ],
    ids=["yes", "no", "quiet", "quiet and forgetting", "neither terminal nor screen"],
)
def test_asks_on_a_terminal_whether_the_settings_go(
    words: list[str],
    typed: str | None,
    is_forgotten: bool,
    forgotten: list[bool],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO() if typed is None else Terminal(typed))
    assert main(["uninstall", *words]) == 0
    assert forgotten == [is_forgotten]


@pytest.mark.parametrize(("failure", "code"), [("", 0), ("It is in use.", 1)])
def test_asks_in_a_window_where_there_is_no_terminal(
    failure: str, code: int, forgotten: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    def say_farewell(root: object, leave: Callable[[bool], str]) -> str:
        assert leave(bool(root)) == "It is gone."
        return failure

    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setattr("client.gui.starting.connect_screen", lambda: "a screen")
    monkeypatch.setattr("client.gui.farewell.say_farewell", say_farewell)
    try:
        ended = main(["uninstall"])
    except SystemExit as leaving:
        ended = int(str(leaving.code))
    assert (ended, forgotten) == (code, [True])
