"""What a polite uploader leaves to others on a slow line, and what it takes when nobody needs it.

    sudo .venv/bin/python -m benchmarks.client.politeness [--seconds 15] [--up-mbit 10]

At home Alice seeds, with the real program; downloaders in the internet call her by TCP, with the
settings that everybody has. Then somebody else at home sends a file by plain TCP. Each row says
what Alice sends while she is alone, what the other one gets of the line and how long packets wait
meanwhile, and what Alice sends afterwards. Needs Linux and root, for network namespaces.
"""

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from client.engine.libtorrent_engine import LibtorrentEngine
from client.engine.transfer import Order, Wishes
from client.jobs.making import Making, Recipe
from client.jobs.stopping import Stop
from client.opening.what import Torrent, read_torrent
from tests.client.conftest import open_tracker
from tests.slow_line import HOME, INTERNET, Line, inside, open_line, somebody_else

_PORT = 7000
_SIZE = 400_000_000
_ALONE = (("enable_dht", "false"), ("enable_upnp", "false"), ("enable_natpmp", "false"))
_SETTLING = 10.0


@dataclass(frozen=True, slots=True)
class Result:
    """Shares of the line from 0 to 1, and milliseconds that packets wait in the middle."""

    alone: float
    alone_wait: float
    other: float
    other_wait: float
    afterwards: float


def main() -> None:
    """Measure, and print one row for each kind of line, uploader and number of downloaders."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15, help="of each measurement")
    parser.add_argument("--up-mbit", type=float, default=10)
    parser.add_argument("--rtt-ms", type=float, default=30)
    parser.add_argument("--queues-ms", type=float, nargs="+", default=[150, 1000])
    parser.add_argument("--downloaders", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--uploaders", nargs="+", default=["usual", "polite"])
    parser.add_argument("--setting", action="append", default=[], help="libtorrent's, for Alice")
    options = parser.parse_args()
    if sys.platform != "linux" or os.geteuid():
        print("This benchmark makes a network of its own, which needs Linux and root.")
        return
    print("queue, downloaders, Alice: alone (wait); with another: the other's share (wait); after")
    for queue in options.queues_ms:
        line = Line(up=options.up_mbit * 1e6, rtt=options.rtt_ms / 1e3, queue=queue / 1e3)
        for downloaders in options.downloaders:
            for kind in options.uploaders:
                words = ["--polite"] if kind == "polite" else []
                words += [word for name in options.setting for word in ("--setting", name)]
                with Experiment(line, words, downloaders) as experiment:
                    result = experiment.run(options.seconds)
                print(
                    f"{queue:.0f} ms, {downloaders}, {kind}: {result.alone:.0%} "
                    f"({result.alone_wait:.0f} ms); {result.other:.0%} "
                    f"({result.other_wait:.0f} ms); {result.afterwards:.0%}",
                    flush=True,
                )


class Experiment:
    """One line with Alice and her downloaders on it."""

    def __init__(self, line: Line, words: list[str], downloaders: int) -> None:
        self._line = line
        self._words = words
        self._downloaders = downloaders
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        enter = self._stack.enter_context
        self._folder = Path(enter(tempfile.TemporaryDirectory()))
        self._home, self._internet = enter(open_line(self._line))
        with inside(self._internet):
            _, announce = enter(open_tracker(INTERNET))
            self._echo = enter(echoing())
        torrent = self._make_torrent(announce)
        enter(self._alice())
        for number in range(self._downloaders):
            enter(self._downloader(torrent, number))
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def run(self, seconds: float) -> Result:
        """Alone, with another, alone again."""
        time.sleep(_SETTLING)
        alone, alone_wait = self._measure(self._line_bytes, seconds)
        with somebody_else(self._home, self._internet) as somebody:
            time.sleep(_SETTLING)
            other, other_wait = self._measure(lambda: somebody.received, seconds)
        time.sleep(2 * _SETTLING)
        afterwards, _ = self._measure(self._line_bytes, seconds)
        return Result(alone, alone_wait, other, other_wait, afterwards)

    def _measure(self, count: Callable[[], int], seconds: float) -> tuple[float, float]:
        """Share of the line, and the median wait in milliseconds."""
        before, began = count(), time.monotonic()
        with inside(self._home):
            waits = list(round_trips(self._echo, seconds))
        share = (count() - before) * 8 / (time.monotonic() - began) / self._line.up
        return share, (statistics.median(waits) - self._line.rtt) * 1000

    def _line_bytes(self) -> int:
        with inside(self._internet):
            lines = Path("/proc/thread-self/net/dev").read_text().splitlines()
        received = next(line.split()[1] for line in lines if line.strip().startswith("line:"))
        return int(received)

    def _make_torrent(self, announce: str) -> Torrent:
        path = self._folder / "film"
        with path.open("wb") as file:
            file.truncate(_SIZE)
        making = Making(path, Recipe(announce=[announce]))
        for _ in making.run(Stop()):
            pass
        (self._folder / "film.torrent").write_bytes(making.torrent())
        return read_torrent(making.torrent())

    @contextmanager
    def _alice(self) -> Iterator[None]:
        what = [str(self._folder / "film.torrent"), str(self._folder / "film")]
        quietly = [word for pair in _ALONE for word in ("--setting", "=".join(pair))]
        port = ["--port-range", f"{_PORT}-{_PORT}"]
        command = [sys.executable, "-m", "client", "seed", *what, "--no-window", *port]
        with inside(self._home), (self._folder / "log").open("w") as log:
            alice = subprocess.Popen(
                [*command, *quietly, *self._words, "--log", str(self._folder / "engine")],
                stdout=log,
                stderr=log,
                env=os.environ | {"PASSALONG_HOME": str(self._folder / "state")},
            )
        try:
            yield
        finally:
            if alice.poll() is not None:
                print((self._folder / "log").read_text(), file=sys.stderr)
            alice.kill()
            alice.wait()

    @contextmanager
    def _downloader(self, torrent: Torrent, number: int) -> Iterator[None]:
        listen = ("listen_interfaces", f"{INTERNET}:{_PORT + number}")
        with inside(self._internet):
            engine = LibtorrentEngine(Wishes(settings=(listen, *_ALONE)))
        info_hash, folder = torrent.metainfo.info_hash, self._folder / str(number)
        engine.add(Order(info_hash, folder, torrent.content, files=("film",)))
        engine.connect_peer(info_hash, (HOME, _PORT))
        try:
            yield
        finally:
            engine.close()


@contextmanager
def echoing() -> Iterator[tuple[str, int]]:
    """Send back every datagram that comes to this address."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((INTERNET, 0))
    server.settimeout(0.2)
    is_over = threading.Event()

    def serve() -> None:
        while not is_over.is_set():
            with suppress(TimeoutError):
                server.sendto(*server.recvfrom(100))

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield server.getsockname()
    finally:
        is_over.set()
        thread.join()
        server.close()


def round_trips(address: tuple[str, int], seconds: float) -> Iterator[float]:
    """How long datagrams take there and back; the lost ones are left out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(3)
        asking.connect(address)
        ends = time.monotonic() + seconds
        while (sent_at := time.monotonic()) < ends:
            asking.send(str(sent_at).encode())
            with suppress(TimeoutError):
                while asking.recv(100) != str(sent_at).encode():
                    pass
                yield time.monotonic() - sent_at
            time.sleep(0.05)


if __name__ == "__main__":
    main()
