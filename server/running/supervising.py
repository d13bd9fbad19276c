"""The supervisor: keeps programs running, starts one that died again, and ends them all.

Which programs these are is said in `programs`. Everything that they print comes out here, each line
with the program's name in front.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent.parent
# -P: the folder in which the admin stands gives us no modules.
TETHERED = (sys.executable, "-P", "-m", "server.running.tethered")
SECONDS_BETWEEN_LOOKS = 0.1
SECONDS_TO_END = 8.0
LONGEST_LINE = 4096


@dataclass(frozen=True, slots=True)
class Program:
    """A Python module to run, and the name under which people know it."""

    name: str
    module: str
    arguments: tuple[str, ...]


class ProgramKeepsEnding(Exception):  # noqa: N818  (a sentence, said to the admin)
    """A program ended so often and so soon that starting it again is no use."""

    def __init__(self, name: str, exit_code: int) -> None:
        super().__init__(
            f"The program '{name}' keeps ending right after its start (exit code {exit_code}), so "
            f"everything was stopped. Its last lines above, marked '{name} |', say why."
        )
        self.name = name
        self.exit_code = exit_code


class Patience:
    """How long to wait before a program that ended is started again, and when to give up.

    One that has stood is never given up: it may need something, such as a broker, that comes back,
    and meanwhile the others are of use.
    """

    QUICK_END_SECONDS = 10.0
    QUICK_ENDS = 5
    LONGEST_PAUSE_SECONDS = 32.0

    def __init__(self) -> None:
        self._quick_ends = 0
        self._has_stood = False

    def pause_after(self, lived_seconds: float) -> float | None:
        """The seconds to wait, doubled with every quick end in a row; None says give up."""
        if lived_seconds >= self.QUICK_END_SECONDS:
            self._quick_ends = 0
            self._has_stood = True
        self._quick_ends += 1
        if self._quick_ends >= self.QUICK_ENDS and not self._has_stood:
            return None
        return min(float(2 ** (self._quick_ends - 2)), self.LONGEST_PAUSE_SECONDS)


class Supervisor:
    """Runs the programs from `start` to `stop`; `say` receives every line to show."""

    def __init__(
        self,
        programs: Iterable[Program],
        environment: Mapping[str, str],
        say: Callable[[str], None],
    ) -> None:
        programs = tuple(programs)
        width = max(len(program.name) for program in programs)
        self._kept = [
            _Kept(program, environment, _with_name(say, program.name.ljust(width)))
            for program in programs
        ]

    def start(self) -> None:
        """Start every program, in order, without waiting for it to be ready."""
        for kept in self._kept:
            kept.start()

    def keep_until(self, is_over: Callable[[], bool]) -> None:
        """Keep all programs running until `is_over` says so; raises `ProgramKeepsEnding`."""
        while not is_over():
            for kept in self._kept:
                kept.look_after()
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def stop(self) -> None:
        """End every program and return when all are gone."""
        for kept in reversed(self._kept):
            kept.let_go()
        deadline = time.monotonic() + SECONDS_TO_END
        for kept in self._kept:
            kept.wait_or_kill(deadline)


class Running:
    """One run of a program as a process of its own, on its tether (see `tethered`)."""

    def __init__(
        self, program: Program, environment: Mapping[str, str], say: Callable[[str], None]
    ) -> None:
        self.started_at = time.monotonic()
        self._process = subprocess.Popen(
            [*TETHERED, program.module, *program.arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=_with_our_modules(environment),
            # Ctrl-C is for the supervisor alone, which then ends its programs in order.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        assert self._process.stdout
        threading.Thread(target=_relay, args=(self._process.stdout, say), daemon=True).start()

    @property
    def exit_code(self) -> int | None:
        """The exit code, None while the program runs."""
        return self._process.poll()

    def let_go(self) -> None:
        """Ask the program to end, by letting go of its tether."""
        assert self._process.stdin
        self._process.stdin.close()

    def wait_or_kill(self, seconds: float) -> int:
        """The exit code; a program that is not gone in time is killed."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


class _Kept:
    """A program that is to run: its present run, or the time of its next."""

    def __init__(
        self, program: Program, environment: Mapping[str, str], say: Callable[[str], None]
    ) -> None:
        self._program = program
        self._environment = environment
        self._say = say
        self._patience = Patience()
        self._running: Running | None = None
        self._next_start = 0.0

    def start(self) -> None:
        self._running = Running(self._program, self._environment, self._say)

    def look_after(self) -> None:
        now = time.monotonic()
        if self._running is None:
            if now >= self._next_start:
                self.start()
            return
        exit_code = self._running.exit_code
        if exit_code is None:
            return
        pause = self._patience.pause_after(now - self._running.started_at)
        self._running.let_go()
        self._running = None
        if pause is None:
            raise ProgramKeepsEnding(self._program.name, exit_code)
        self._say(f"ended with exit code {exit_code}; starting it again in {pause:g} s")
        self._next_start = now + pause

    def let_go(self) -> None:
        if self._running is not None:
            self._running.let_go()

    def wait_or_kill(self, deadline: float) -> None:
        if self._running is not None:
            self._running.wait_or_kill(max(0.0, deadline - time.monotonic()))


def _with_our_modules(environment: Mapping[str, str]) -> dict[str, str]:
    # Before site-packages, where another project's `installer` may be.
    paths = [str(ROOT), *filter(None, [environment.get("PYTHONPATH")])]
    return {**environment, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1"}


def _relay(lines: IO[bytes], say: Callable[[str], None]) -> None:
    with lines:
        for line in iter(lambda: lines.readline(LONGEST_LINE), b""):
            say(line.decode(errors="replace").rstrip())


def _with_name(say: Callable[[str], None], name: str) -> Callable[[str], None]:
    return lambda line: say(f"{name} | {line}")
