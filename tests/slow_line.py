"""A home, the internet, and the slow line between them, made of two network namespaces.

A process of its own carries the packets from one TUN device to the other, as a router does that
has one queue for everybody: a packet waits until those before it are through and is thrown away
when too many wait already. So it needs no `netem`, which many kernels lack. Linux and root only.
"""

import argparse
import ctypes
import fcntl
import os
import select
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

HOME, INTERNET = "203.0.113.2", "198.51.100.1"
_IS_OPEN, _NOT_HERE = "open", "not on this computer:"
_FORBIDDEN = ("Operation not permitted", "Permission denied", "Read-only file system")
_LARGEST_PACKET = 65_536
_TUNSETIFF, _TUN_WITHOUT_HEADER = 0x400454CA, 0x1001


@dataclass(frozen=True, slots=True)
class Line:
    """Bits per second both ways, seconds that light needs there and back, and the longest wait."""

    up: float = 10e6
    down: float = 50e6
    rtt: float = 0.03
    queue: float = 0.15


class Direction:
    """One way through the line. Times are the caller's, in seconds."""

    def __init__(self, rate: float, queue: float, delay: float) -> None:
        self._rate = rate / 8
        self._queue = queue
        self._delay = delay
        self._is_free_at = 0.0
        self._underway: deque[tuple[float, bytes]] = deque()

    def take(self, packet: bytes, now: float) -> None:
        """Let it wait for its turn, or throw it away."""
        starts_at = max(self._is_free_at, now)
        if starts_at - now <= self._queue:
            self._is_free_at = starts_at + len(packet) / self._rate
            self._underway.append((self._is_free_at + self._delay, packet))

    def arrived(self, now: float) -> Iterator[bytes]:
        """What has come through by now."""
        while self._underway and self._underway[0][0] <= now:
            yield self._underway.popleft()[1]

    def next_at(self) -> float:
        """When the next packet comes through."""
        return self._underway[0][0] if self._underway else float("inf")


def carry(home: int, internet: int, line: Line) -> None:
    """Carry packets until the process is ended."""
    ways = {
        home: (internet, Direction(line.up, line.queue, line.rtt / 2)),
        internet: (home, Direction(line.down, line.queue, line.rtt / 2)),
    }
    while True:
        wait = min(way.next_at() for _, way in ways.values()) - time.monotonic()
        ready, _, _ = select.select(list(ways), [], [], min(max(wait, 0), 1))
        now = time.monotonic()
        for device in ready:
            ways[device][1].take(os.read(device, _LARGEST_PACKET), now)
        for target, way in ways.values():
            for packet in way.arrived(now):
                os.write(target, packet)


@contextmanager
def inside(place: str) -> Iterator[None]:
    """What this thread opens or starts belongs to that network namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    with (
        Path("/proc/thread-self/ns/net").open() as ours,
        Path("/run/netns", place).open() as theirs,
    ):
        _enter(libc, theirs.fileno())
        try:
            yield
        finally:
            _enter(libc, ours.fileno())


def _enter(libc: ctypes.CDLL, namespace: int) -> None:
    if libc.setns(namespace, 0):
        raise OSError(ctypes.get_errno(), "The network namespace cannot be entered")


@contextmanager
def open_line(line: Line) -> Iterator[tuple[str, str]]:
    """The names of home and internet, which are gone after the block.

    A PermissionError says that this computer lets nobody make a network; all else is a failure.
    """
    home, internet = f"home{os.getpid()}", f"internet{os.getpid()}"
    shape = [str(value) for value in (line.up, line.down, line.rtt, line.queue)]
    command = [sys.executable, "-m", "tests.slow_line", home, internet, *shape]
    carrier = None
    try:
        for place in (home, internet):
            _run("ip", "netns", "add", place)
            _run("ip", "-n", place, "link", "set", "lo", "up")
        carrier = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert carrier.stdout is not None
        said = carrier.stdout.readline().strip()
        if said.startswith(_NOT_HERE):
            raise PermissionError(said)
        if said != _IS_OPEN:
            raise RuntimeError("The process that carries the packets has failed.")
        yield home, internet
    finally:
        if carrier is not None:
            carrier.kill()
            carrier.communicate()
        for place in (home, internet):
            subprocess.run(["ip", "netns", "del", place], capture_output=True)


class Somebody:
    """Sends from home as fast as plain TCP lets it; `received` counts what arrives."""

    def __init__(self, home: str, internet: str) -> None:
        self.received = 0
        with inside(internet):
            server = socket.create_server((INTERNET, 0))
        with server:
            with inside(home):
                self._sender = socket.create_connection(server.getsockname())
            self._receiver, _ = server.accept()
        self._threads = [threading.Thread(target=deed) for deed in (self._send, self._receive)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Hang up."""
        for end in (self._sender, self._receiver):
            end.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for end in (self._sender, self._receiver):
            end.close()

    def _send(self) -> None:
        with suppress(OSError):
            while True:
                self._sender.sendall(bytes(65_536))

    def _receive(self) -> None:
        with suppress(OSError):
            while received := self._receiver.recv(65_536):
                self.received += len(received)


@contextmanager
def somebody_else(home: str, internet: str) -> Iterator[Somebody]:
    """Who needs the line until the block ends."""
    somebody = Somebody(home, internet)
    try:
        yield somebody
    finally:
        somebody.stop()


def _open_end(place: str, address: str) -> int:
    try:
        with inside(place):
            device = os.open("/dev/net/tun", os.O_RDWR)
            fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH", b"line", _TUN_WITHOUT_HEADER))
    except OSError as error:
        raise PermissionError(f"{_NOT_HERE} namespaces with TUN devices: {error}") from error
    _run("ip", "-n", place, "addr", "add", address, "dev", "line")
    _run("ip", "-n", place, "link", "set", "line", "up")
    # CUBIC is what Windows, macOS and Linux have, whatever this computer was given.
    _run("ip", "-n", place, "route", "add", "default", "dev", "line", "congctl", "cubic")
    return device


def _run(*command: str) -> None:
    made = subprocess.run(command, capture_output=True, text=True)
    if made.returncode:
        error = f"{' '.join(command)}: {made.stderr.strip()}"
        is_forbidden = any(word in error for word in _FORBIDDEN)
        raise PermissionError(f"{_NOT_HERE} {error}") if is_forbidden else RuntimeError(error)


def main() -> None:
    """Be the process that carries."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("places", nargs=2)
    parser.add_argument("shape", nargs=4, type=float)
    options = parser.parse_args()
    try:
        home = _open_end(options.places[0], f"{HOME}/24")
        internet = _open_end(options.places[1], f"{INTERNET}/24")
    except PermissionError as error:
        print(error, flush=True)
        return
    print(_IS_OPEN, flush=True)
    carry(home, internet, Line(*options.shape))


if __name__ == "__main__":
    main()
