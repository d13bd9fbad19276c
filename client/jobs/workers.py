"""Processes that hash for us, so that it is one of them that ends when a disk fails.

One is started, which takes a moment; told what there is to hash, it splits into `worker`s.
"""

import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from client.jobs.pieces import Pieces
from client.jobs.worker import COMMAND, READY, RUN, described

_ROOT = Path(__file__).resolve().parents[2]
# Bytes that a pipe holds, where Linux allows anyone to ask for so many.
_PIPE_SIZE = 1 << 20
# Whoever fetches an answer interrupts a worker, so there is a pause; meanwhile the pipe holds them.
_PAUSE_SECONDS = 0.02


class Workers:
    """They hash one torrent, and end. Raises `OSError` when no process can be started."""

    def __init__(self) -> None:
        is_frozen = getattr(sys, "frozen", False)
        program = [sys.executable] if is_frozen else [sys.executable, "-m", "client"]
        self._process = subprocess.Popen(
            [*program, COMMAND],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # What goes wrong there goes wrong here once more, where it is said.
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # A Ctrl-C is for us, and we end them.
            pipesize=_PIPE_SIZE,
            cwd=_ROOT,
            env=_environment(),
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._questions, self._answers = self._process.stdin, self._process.stdout
        self._poll = select.poll()
        self._poll.register(self._answers, select.POLLIN)
        self._end = select.poll()
        self._end.register(self._answers, 0)  # No event but POLLHUP, which is always told.

    @property
    def process_id(self) -> int:
        """Of the process that was started, and of the group of all that come from it."""
        return self._process.pid

    def has_answer(self, seconds: float = 0) -> bool:
        """Whether `hash` need not wait: they are up, have found something, or have ended."""
        return bool(self._poll.poll(seconds * 1000))

    def hash(
        self, pieces: Pieces, runs: Sequence[range], count: int, patience: float
    ) -> Iterator[tuple[range, bytes]]:
        """Let up to `count` workers hash runs of pieces; gives the hashes of each, as they come.

        An empty run says that `patience` seconds brought nothing. Runs are missing in the end when
        they could not do it.
        """
        os.read(self._answers.fileno(), len(READY))
        with suppress(OSError), self._questions:
            self._questions.write(described(pieces, runs, min(count, len(runs))))
        received, missing = bytearray(), len(runs)
        while missing:
            self._end.poll(_PAUSE_SECONDS * 1000)
            if not self.has_answer(patience):
                yield range(0), b""
                continue
            answer = os.read(self._answers.fileno(), _PIPE_SIZE)
            if not answer:
                return
            received += answer
            for run, hashes in _taken_from(received, pieces.hash_length):
                missing -= 1
                yield run, hashes

    def close(self) -> None:
        """End them, whatever they are at."""
        self._answers.close()
        with suppress(OSError):
            self._questions.close()
        with suppress(ProcessLookupError):
            os.killpg(self.process_id, signal.SIGKILL)
        self._process.wait()


class Standby:
    """Workers that are called before there is something to hash, so that they are up by then."""

    def __init__(self) -> None:
        self._workers: Workers | None = None
        self._is_closed = False
        self._lock = threading.Lock()

    def call(self) -> None:
        """There will be something soon."""
        with self._lock:
            if self._workers is None and not self._is_closed:
                self._workers = start_workers()

    def take(self) -> Workers | None:
        """Those that were called, for whoever takes them to close."""
        with self._lock:
            workers, self._workers = self._workers, None
            return workers

    def close(self) -> None:
        """There will be nothing any more; those that nobody took end."""
        with self._lock:
            self._is_closed = True
        workers = self.take()
        if workers is not None:
            workers.close()


def start_workers() -> Workers | None:
    """Start them, where that is possible: elsewhere threads do it all."""
    if sys.platform != "linux":
        return None
    try:
        return Workers()
    except OSError:
        return None


def _environment() -> dict[str, str]:
    """Ours, but a frozen program that starts itself has to be told where its own libraries are."""
    unpacked = getattr(sys, "_MEIPASS", None)
    if unpacked is None:
        return dict(os.environ)
    before = os.environ.get("LD_LIBRARY_PATH")
    return os.environ | {"LD_LIBRARY_PATH": f"{unpacked}:{before}" if before else unpacked}


def _taken_from(received: bytearray, hash_length: int) -> Iterator[tuple[range, bytes]]:
    while len(received) >= RUN.size:
        run = range(*RUN.unpack_from(received))
        end = RUN.size + len(run) * hash_length
        if len(received) < end:
            return
        yield run, bytes(received[RUN.size : end])
        del received[:end]
