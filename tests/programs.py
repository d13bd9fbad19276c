"""Programs in tests: those that must be there, and processes that never outlive their test."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import pytest

Seen = TypeVar("Seen")

ROOT = Path(__file__).resolve().parent.parent


def needs(program: str, *, apt: str) -> str:
    """The path of a program; without it the test is skipped here and fails in CI."""
    path = shutil.which(program)
    if path is not None:
        return path
    sentence = f"{program} is not installed. This would enable the test: sudo apt-get install {apt}"
    if os.environ.get("CI"):
        pytest.fail(sentence)
    pytest.skip(sentence)


def free_port() -> int:
    """A TCP port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def processes_with(*words: str | Path) -> list[int]:
    """The processes with all these words on their command lines, the oldest first."""
    found = []
    for command_line in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # It may end while we look.
            if {os.fsencode(word) for word in words} <= {*command_line.read_bytes().split(b"\0")}:
                found.append(int(command_line.parent.name))
    return sorted(found)


def wait_until(what: str, look: Callable[[], Seen], seconds: float = 30.0) -> Seen:
    """The first true thing that `look` sees; fails after `seconds`, saying what never came."""
    deadline = time.monotonic() + seconds
    while True:
        if seen := look():
            return seen
        if time.monotonic() > deadline:
            pytest.fail(f"{seconds:g} seconds passed without {what}.")
        time.sleep(0.05)


class Process:
    """A program that a test started: its output is kept in a file, its end is asserted."""

    def __init__(
        self, arguments: Sequence[str | Path], log: Path, environment: Mapping[str, str]
    ) -> None:
        self.log = log
        self._name = Path(arguments[0]).name
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [str(argument) for argument in arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                cwd=ROOT,
                start_new_session=True,
            )
        self.pid = self._process.pid

    @property
    def output(self) -> str:
        """What it has printed so far."""
        return self.log.read_text(errors="replace")

    @property
    def exit_code(self) -> int | None:
        """The exit code, None while it runs."""
        return self._process.poll()

    def wait_for_output(self, text: str, seconds: float = 60.0) -> str:
        """Everything printed, as soon as `text` is in it; fails when the program ends before."""

        def look() -> bool:
            if text in self.output:
                return True
            if self.exit_code is not None:
                pytest.fail(f"{self._name} ended without saying {text!r}:\n{self.output}")
            return False

        wait_until(f"{self._name} saying {text!r}; it said:\n{self.output}", look, seconds)
        return self.output

    def wait(self, seconds: float = 60.0) -> int:
        """The exit code once it has ended by itself."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            pytest.fail(f"{self._name} still runs after {seconds:g} seconds:\n{self.output}")

    def stop(self, seconds: float = 30.0) -> int:
        """The exit code after SIGTERM."""
        self._process.terminate()
        return self.wait(seconds)

    def kill(self) -> None:
        """End it at once, whatever it does."""
        self._process.kill()
        self._process.wait()


@contextmanager
def running(
    arguments: Sequence[str | Path], log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[Process]:
    """A process that is gone when the block is left, with all that it has started."""
    process = Process(arguments, log, clean_environment() if environment is None else environment)
    try:
        yield process
    finally:
        # A frozen program is two processes, and the second outlives a first that is killed.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()


def clean_environment(**variables: str) -> dict[str, str]:
    """This environment without what the tests or a developer's site put in, plus `variables`."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PASSALONG_", "DJANGO_", "CELERY_", "PYTEST_"))
        and name not in ("DATABASE_URL", "SECRET_KEY", "SECRET_KEY_FILE", "DEBUG")
        and name not in ("REDIS_URL", "CACHE_URL")
        and not name.lower().endswith("_proxy")
    }
    return {**kept, **variables}
