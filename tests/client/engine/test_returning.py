"""A computer that sleeps, and one that comes into another network, in the middle of a download."""

import ctypes
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from client.engine.libtorrent_engine import LibtorrentEngine
from client.engine.returning import Pulse
from client.engine.transfer import Limits, Order, Wishes
from client.opening.what import Torrent
from tests.client.conftest import QUIET, Engines, Tracker, make_torrent, open_tracker
from tests.client.engine.test_libtorrent_engine import seeding, wait_for
from tests.programs import running, wait_until

RATE = 1_000_000
_SPEED = re.compile(r"MB · ([0-9.]+) (kB|MB)/s")

# The real program, but for it one second is a sleep already and worth a line of progress.
_LIGHT_SLEEPER = """
import sys
from client import terminal
from client.engine import returning
returning._LONGEST_BEAT = terminal._LOG_SECONDS = 1.0
from client.program import main
sys.exit(main(sys.argv[1:]))
"""


def make_film(folder: Path, announce: str, size: int) -> Torrent:
    folder.mkdir()
    (folder / "film.mkv").write_bytes(random.Random(7).randbytes(size))
    return make_torrent(folder / "film.mkv", announce)


@pytest.mark.parametrize("jump", [(0.0, 40.0), (40.0, 0.0)])
def test_a_jump_of_either_clock_is_a_sleep(jump: tuple[float, float]) -> None:
    clocks = [0.0, 1000.0]
    pulse = Pulse(lambda: clocks[0], lambda: clocks[1])
    clocks[0], clocks[1] = 0.1, 1000.1
    assert not pulse.has_slept()
    clocks[0], clocks[1] = clocks[0] + jump[0], clocks[1] + jump[1]
    assert (pulse.has_slept(), pulse.has_slept()) == (True, False)


def test_a_download_goes_on_after_a_sleep(
    engines: Engines, tracker: tuple[Tracker, str], state: Path, tmp_path: Path
) -> None:
    torrent = make_film(tmp_path / "alice", tracker[1], 4 * RATE)
    (tmp_path / "film.torrent").write_bytes(torrent.content)
    alice = engines(upload=RATE)
    alice.add(seeding(torrent, tmp_path / "alice"))
    quiet = [word for name, value in QUIET for word in ("--setting", f"{name}={value}")]
    what = ["download", tmp_path / "film.torrent", "--save-to", tmp_path / "bob"]
    options = ["--no-window", "--stop-when", "complete", *quiet]
    command = [sys.executable, "-c", _LIGHT_SLEEPER, *what, *options]
    with running(command, tmp_path / "log", os.environ) as bob:
        bob.wait_for_output("kB/s")
        os.kill(bob.pid, signal.SIGSTOP)
        asleep_at = time.monotonic()
        before = len(tracker[0].announces)
        wait_until("the end of a short night", lambda: time.monotonic() - asleep_at > 2)
        os.kill(bob.pid, signal.SIGCONT)
        wait_until("a new announce", lambda: len(tracker[0].announces) > before)
        evening, morning = tracker[0].announces[1], tracker[0].announces[before]
        assert (morning["port"], morning["left"] == "0") == (evening["port"], False)
        assert bob.wait() == 0
    film = (tmp_path / "bob/film.mkv").read_bytes()
    assert film == (tmp_path / "alice/film.mkv").read_bytes()
    units = {"kB": 1e3, "MB": 1e6}
    speeds = [float(number) * units[unit] for number, unit in _SPEED.findall(bob.output)]
    assert max(speeds) < 2 * RATE


@dataclass(frozen=True, slots=True)
class Network:
    """Two computers and the cable between them."""

    alice: str
    bob: str

    def at_bob(self, *words: str) -> None:
        subprocess.run(["ip", "-n", self.bob, *words], check=True)


@contextmanager
def inside(computer: str) -> Iterator[None]:
    """What this thread opens, and the threads that it starts, are on that computer."""
    libc = ctypes.CDLL(None, use_errno=True)
    here, there = Path("/proc/thread-self/ns/net"), Path("/run/netns", computer)
    with here.open() as ours, there.open() as theirs:
        assert libc.setns(theirs.fileno(), 0) == 0
        try:
            yield
        finally:
            assert libc.setns(ours.fileno(), 0) == 0


@pytest.fixture
def network() -> Iterator[Network]:
    if os.geteuid() or sys.platform != "linux":
        pytest.skip("Only root may make a network, and only of Linux.")
    made = Network(f"alice{os.getpid()}", f"bob{os.getpid()}")
    lines = [
        f"netns add {made.alice}",
        f"netns add {made.bob}",
        f"-n {made.alice} link set lo up",
        f"-n {made.bob} link set lo up",
        f"link add line netns {made.alice} type veth peer name line netns {made.bob}",
        f"-n {made.alice} addr add 10.99.0.1/16 dev line",
        f"-n {made.bob} addr add 10.99.0.2/16 dev line",
        f"-n {made.alice} link set line up",
        f"-n {made.bob} link set line up",
    ]
    try:
        for line in lines:
            if subprocess.run(["ip", *line.split()], capture_output=True).returncode:
                pytest.skip("This computer lets nobody make a network.")
        yield made
    finally:
        for computer in (made.alice, made.bob):
            subprocess.run(["ip", "netns", "del", computer], capture_output=True)


def test_a_download_goes_on_in_another_network(network: Network, tmp_path: Path) -> None:
    settings = [setting for setting in QUIET if setting[0] != "listen_interfaces"]
    with inside(network.alice):
        alice = LibtorrentEngine(Wishes(Limits(upload=RATE), settings=settings))
        opening = open_tracker("10.99.0.1")
        tracker, announce = opening.__enter__()
    with inside(network.bob):
        bob = LibtorrentEngine(Wishes(settings=settings))
    torrent = make_film(tmp_path / "alice", announce, 2 * RATE)
    info_hash = torrent.metainfo.info_hash
    try:
        alice.add(seeding(torrent, tmp_path / "alice"))
        wait_until("Alice", lambda: tracker.announces)
        bob.add(Order(info_hash, tmp_path, torrent=torrent.content, files=("film.mkv",)))
        wait_for(bob, info_hash, lambda state: state.done_bytes)
        network.at_bob("addr", "del", "10.99.0.2/16", "dev", "line")
        network.at_bob("addr", "add", "10.99.0.3/16", "dev", "line")
        wait_for(bob, info_hash, lambda state: state.is_on_disk)
    finally:
        bob.close()
        alice.close()
        opening.__exit__(None, None, None)
