"""The supervisor with real, tiny programs."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.running import supervising
from server.running.supervising import (
    ROOT,
    Patience,
    Program,
    ProgramKeepsEnding,
    Running,
    Supervisor,
)
from tests.programs import running, wait_until

SLEEPER = """
import os, signal, sys, time
name, folder = sys.argv[1:3]
def end(*_):
    with open(os.path.join(folder, "ends"), "a") as ends: ends.write(name + " ")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
signal.signal(signal.SIGINT, end)
with open(os.path.join(folder, name + ".pid"), "w") as file: file.write(str(os.getpid()))
print("ready", flush=True)
while True:
    time.sleep(0.05)
"""


class Lines:
    """What the programs said."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def __call__(self, line: str) -> None:
        self.said.append(line)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """One in which the tiny programs are modules."""
    (tmp_path / "sleeper.py").write_text(SLEEPER)
    (tmp_path / "breaks.py").write_text("import sys; print('I am broken'); sys.exit(7)")
    return {**os.environ, "PYTHONPATH": str(tmp_path)}


@pytest.fixture
def lines() -> Lines:
    return Lines()


@pytest.fixture
def two_sleepers(tmp_path: Path, environment: dict[str, str], lines: Lines) -> Iterator[Supervisor]:
    """A supervisor of `one` and `second`, both ready."""
    programs = [Program(name, "sleeper", (name, str(tmp_path))) for name in ("one", "second")]
    supervisor = Supervisor(programs, environment, lines)
    supervisor.start()
    try:
        supervisor.keep_until(lambda: len(lines.said) == 2)
        yield supervisor
    finally:
        supervisor.stop()


def pid_of(name: str, folder: Path) -> int:
    return int((folder / f"{name}.pid").read_text() or 0)


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] == "Z"


def test_puts_the_name_of_the_program_before_its_lines(
    two_sleepers: Supervisor, lines: Lines
) -> None:
    assert sorted(lines.said) == ["one    | ready", "second | ready"]


def test_lets_every_program_end_in_order(two_sleepers: Supervisor, tmp_path: Path) -> None:
    two_sleepers.stop()

    assert sorted((tmp_path / "ends").read_text().split()) == ["one", "second"]


def test_kills_a_program_that_does_not_end(
    environment: dict[str, str], lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervising, "SECONDS_TO_END", 0.2)
    (tmp_path / "stubborn.py").write_text(
        "import signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('ready', flush=True)\n"
        "time.sleep(60)\n"
    )
    supervisor = Supervisor([Program("web", "stubborn", ())], environment, lines)
    supervisor.start()
    supervisor.keep_until(lambda: bool(lines.said))

    started = time.monotonic()
    supervisor.stop()

    assert time.monotonic() - started < 5


def test_starts_a_killed_program_again(
    two_sleepers: Supervisor, tmp_path: Path, lines: Lines
) -> None:
    killed = pid_of("one", tmp_path)

    os.kill(killed, signal.SIGKILL)
    two_sleepers.keep_until(lambda: lines.said.count("one    | ready") == 2)

    assert pid_of("one", tmp_path) != killed
    assert "one    | ended with exit code -9; starting it again in 0.5 s" in lines.said


def test_gives_up_a_program_that_always_ends_at_once(
    environment: dict[str, str], lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Patience, "QUICK_ENDS", 2)
    supervisor = Supervisor([Program("web", "breaks", ())], environment, lines)
    supervisor.start()

    with pytest.raises(ProgramKeepsEnding, match=r"'web' keeps ending .*exit code 7"):
        supervisor.keep_until(lambda: False)

    assert "web | I am broken" in lines.said


def test_waits_longer_with_every_quick_end_and_then_gives_up() -> None:
    patience = Patience()

    assert [patience.pause_after(1) for _ in range(5)] == [0.5, 1, 2, 4, None]


def test_forgets_quick_ends_after_a_long_run() -> None:
    patience = Patience()
    for _ in range(4):
        patience.pause_after(1)

    assert patience.pause_after(3600) == 0.5


def test_is_patient_with_a_program_that_has_stood() -> None:
    patience = Patience()
    patience.pause_after(3600)

    assert [patience.pause_after(1) for _ in range(8)] == [1, 2, 4, 8, 16, 32, 32, 32]


def test_a_program_ends_when_its_starter_is_killed(
    environment: dict[str, str], tmp_path: Path
) -> None:
    # The starter is a process of its own here, so that it can be killed.
    (tmp_path / "starter.py").write_text(
        "import os, time\n"
        "from functools import partial\n"
        "from server.running.supervising import Program, Running\n"
        f"sleeper = Program('one', 'sleeper', ('one', {str(tmp_path)!r}))\n"
        "Running(sleeper, os.environ, partial(print, flush=True))\n"
        "time.sleep(60)\n"
    )
    path = f"{environment['PYTHONPATH']}{os.pathsep}{ROOT}"
    starter = {**environment, "PYTHONPATH": path}
    with running([sys.executable, "-m", "starter"], tmp_path / "log", starter) as process:
        process.wait_for_output("ready")
        sleeper = pid_of("one", tmp_path)
        process.kill()

    wait_until("the end of the program", lambda: is_gone(sleeper), 10)
    assert (tmp_path / "ends").read_text() == "one "


def test_a_child_ends_when_the_program_that_forked_it_is_killed(tmp_path: Path) -> None:
    (tmp_path / "family.py").write_text(
        "import os, time\n"
        "from server.running.tethered import end_with_parent\n"
        "if not os.fork():\n"
        "    end_with_parent()\n"
        "    print(f'child {os.getpid()} ready', flush=True)\n"
        "time.sleep(60)\n"
    )
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    with running([sys.executable, "-m", "family"], tmp_path / "log", environment) as process:
        child = int(process.wait_for_output("ready").split()[1])
        process.kill()

    wait_until("the end of the child", lambda: is_gone(child), 10)


def test_modules_beside_the_admin_are_not_ours(
    tmp_path: Path, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('a stranger ran')")
    monkeypatch.chdir(tmp_path)
    run = Running(Program("json", "json.tool", ("--help",)), os.environ, lines)

    exit_code = run.wait_or_kill(30)
    run.let_go()

    assert exit_code == 0
