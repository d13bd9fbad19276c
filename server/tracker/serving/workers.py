"""Several tracker processes on one machine (Linux): starts, watches and ends them.

This process, their parent, answers nothing itself. It keeps all their sockets open, so that one
that dies is started again with the same ones: what comes meanwhile waits in them, and the kernel
goes on counting the processes of a port in the same order.
"""

import gc
import itertools
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import wait

from django.db import connections

from ..core.shares import Share
from .holding import HeldError, hold
from .journal import Journal
from .layouts import forget_files_of_others
from .leftovers import count_left
from .part import READY_KEPT, Part
from .program import Wishes
from .running import run_part
from .secret import kept_secret
from .sockets import Sockets
from .steering import steer

QUICK_SECONDS = 10  # who lives no longer than this is started again after a pause
MOST_QUICK_DEATHS = 5
SECONDS_TO_END = 60  # what they have to save may take a while
STOP = (signal.SIGTERM, signal.SIGINT)

log = logging.getLogger(__name__)


class WorkerFailedError(Exception):
    """The tracker cannot go on with so few of its processes."""


@dataclass(slots=True)
class Worker:
    """One run of one process."""

    pid: int
    channel: socket.socket  # a byte when it is ready, the end when it has ended
    started_at: float


class Workers:
    """All of them, by their numbers."""

    def __init__(self, groups: Sequence[Sockets], wishes: Wishes) -> None:
        """`groups` are what each of them listens on."""
        self._groups = groups
        self._count = len(groups)
        self._wishes = wishes
        self._links = linked(self._count)
        self._secret = kept_secret(wishes.folder)
        self._counted: list[str] = []
        self._running: dict[int, Worker] = {}
        self._starts: dict[int, float] = {}  # when those that died are started again
        self._quick_deaths = 0
        self._missing = set(range(self._count))  # who has never been ready
        self._have_kept_all = True

    def run(self, say_ready: Callable[[], None]) -> None:
        """Track until SIGTERM or SIGINT; raises `WorkerFailedError`."""
        try:
            hold(self._wishes.folder, SECONDS_TO_END)
        except HeldError:
            raise WorkerFailedError(f"Another tracker uses {self._wishes.folder}.") from None
        steer(self._groups[0].udp, self._count)
        self._counted = count_left(Journal(self._wishes.folder))
        connections.close_all()
        gc.freeze()
        with signals_caught() as stop:
            try:
                self._keep_until(stop, say_ready)
            finally:
                failed = self._stop()
        if failed:
            raise WorkerFailedError(f"{failed} of the tracker's processes did not end in order.")

    def _keep_until(self, stop: socket.socket, say_ready: Callable[[], None]) -> None:
        self._starts = dict.fromkeys(range(self._count), 0.0)
        while True:
            for index, at in list(self._starts.items()):
                if at <= time.monotonic():
                    del self._starts[index]
                    self._start(index)
            channels = {worker.channel: index for index, worker in self._running.items()}
            pause = min(self._starts.values()) - time.monotonic() if self._starts else None
            found = wait([stop, *channels], pause and max(0.0, pause))
            if stop in found:
                return
            for channel, index in channels.items():
                if channel in found:
                    self._hear(index, say_ready)

    def _hear(self, index: int, say_ready: Callable[[], None]) -> None:
        worker = self._running[index]
        said = worker.channel.recv(1)
        if not said:
            self._mourn(index)
        elif index in self._missing:
            self._missing.discard(index)
            self._have_kept_all &= said == READY_KEPT
            if not self._missing:
                if self._have_kept_all:
                    forget_files_of_others(self._wishes.folder, self._count)
                say_ready()

    def _mourn(self, index: int) -> None:
        """Start a process again that has ended, unless that would be of no use."""
        worker = self._running.pop(index)
        code = ended(worker)
        if self._missing:
            raise WorkerFailedError(f"Process {index} of the tracker ended with {code}.")
        now = time.monotonic()
        is_quick = now - worker.started_at < QUICK_SECONDS
        self._quick_deaths = self._quick_deaths + 1 if is_quick else 0
        if self._quick_deaths > MOST_QUICK_DEATHS:
            raise WorkerFailedError(f"Process {index} of the tracker keeps ending with {code}.")
        log.warning("Process %d of the tracker ended with %d. It is started again.", index, code)
        self._starts[index] = now + (2.0 ** (self._quick_deaths - 2) if is_quick else 0)

    def _start(self, index: int) -> None:
        channel, parent = socket.socketpair()
        # A signal that comes between must not reach the handlers of the one in the other.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP)
        pid = os.fork()
        if pid == 0:
            channel.close()
            self._be(index, parent)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP)
        parent.close()
        self._running[index] = Worker(pid, channel, time.monotonic())

    def _be(self, index: int, parent: socket.socket) -> None:
        """Become the process; never returns."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent tells it to stop
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP)
            self._let_go_of_others(index)
            run_part(self._part(index, parent), self._wishes)
            code = 0
        except BaseException:
            log.exception("Process %d of the tracker fails", index)
        finally:
            with suppress(OSError, ValueError):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)

    def _part(self, index: int, parent: socket.socket) -> Part:
        return Part(
            Share(index, self._count),
            self._groups[index],
            self._links[index],
            parent,
            self._secret,
            self._counted if index == 0 else (),
        )

    def _let_go_of_others(self, index: int) -> None:
        for worker in self._running.values():
            worker.channel.close()
        for other in range(self._count):
            if other != index:
                self._groups[other].close()
                for link in self._links[other].values():
                    link.close()

    def _stop(self) -> int:
        """End all; how many of them ended badly."""
        for worker in self._running.values():
            os.kill(worker.pid, signal.SIGTERM)
        deadline = time.monotonic() + SECONDS_TO_END
        failed = 0
        for worker in self._running.values():
            while wait([worker.channel], max(0.0, deadline - time.monotonic())):
                if not worker.channel.recv(1):
                    break
            else:
                os.kill(worker.pid, signal.SIGKILL)
            failed += ended(worker) not in (0, -signal.SIGTERM)
        return failed


def linked(count: int) -> list[dict[int, socket.socket]]:
    """For each process a socket to each of the others, by their numbers."""
    links: list[dict[int, socket.socket]] = [{} for _ in range(count)]
    for one, other in itertools.combinations(range(count), 2):
        links[one][other], links[other][one] = socket.socketpair(
            socket.AF_UNIX, socket.SOCK_SEQPACKET
        )
    return links


def ended(worker: Worker) -> int:
    """The exit code of a process that has ended or is about to; negative: the signal."""
    worker.channel.close()
    return os.waitstatus_to_exitcode(os.waitpid(worker.pid, 0)[1])


@contextmanager
def signals_caught() -> Iterator[socket.socket]:
    """Meanwhile SIGTERM and SIGINT do no more than to make a socket readable."""
    readable, written = socket.socketpair()
    written.settimeout(0)
    with readable, written:
        before = [signal.signal(number, lambda *_: None) for number in STOP]
        signal.set_wakeup_fd(written.fileno())
        try:
            yield readable
        finally:
            signal.set_wakeup_fd(-1)
            for number, handler in zip(STOP, before, strict=True):
                signal.signal(number, handler)
