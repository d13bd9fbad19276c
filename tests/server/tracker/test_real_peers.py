"""Clients that nobody here wrote find each other through the tracker, over HTTP and UDP."""

import hashlib
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import bencodepy
import libtorrent
import pytest

from tests.programs import ROOT, Process, needs, running, wait_until

from .site_process import Site
from .talking import announce_target, ask

CONTENT = bytes(range(256)) * 2048
PIECE = 65536
INFO = {
    b"length": len(CONTENT),
    b"name": b"film.bin",
    b"piece length": PIECE,
    b"pieces": b"".join(
        hashlib.sha1(CONTENT[start : start + PIECE]).digest()
        for start in range(0, len(CONTENT), PIECE)
    ),
}
INFO_HASH = hashlib.sha1(bencodepy.encode(INFO)).digest()
LIBTORRENT = {
    "listen_interfaces": "127.0.0.1:0",
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_outgoing_utp": False,
    "allow_multiple_connections_per_ip": True,
}
TRANSMISSION = {
    "dht-enabled": False,
    "lpd-enabled": False,
    "pex-enabled": False,
    "utp-enabled": False,
    "rpc-enabled": False,
}
ANNOUNCE = Path(__file__).parent / "announce.mjs"


class Swarm:
    """A running tracker that welcomes the film, and a folder where Alice has it."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self.port = port
        self.alice, self.bob = folder / "alice", folder / "bob"
        for each in (self.alice, self.bob):
            each.mkdir()
        (self.alice / "film.bin").write_bytes(CONTENT)

    def torrent(self, scheme: str, host: str = "127.0.0.1") -> Path:
        """The torrent with this address of the tracker."""
        announce = f"{scheme}://{host}:{self.port}/announce".encode()
        path = self._folder / f"{scheme}.torrent"
        path.write_bytes(bencodepy.encode({b"announce": announce, b"info": INFO}))
        return path

    def knows_a_seed(self) -> bool:
        """Whether the tracker does: who comes before is not told about Alice for minutes."""
        _, _, query = announce_target(INFO_HASH).partition("?")
        files = ask(("127.0.0.1", self.port), f"/scrape?{query}")[b"files"]
        return bool(files[INFO_HASH][b"complete"])

    def bob_has_it(self) -> bool:
        path = self.bob / "film.bin"
        return path.is_file() and path.read_bytes() == CONTENT


@pytest.fixture
def swarm(tmp_path: Path, own_site: Site) -> Iterator[Swarm]:
    own_site.welcome(INFO_HASH)
    # libtorrent keeps one connection id for an address, whichever of these trackers gave it.
    secret = own_site.folder / "tracker" / "tracker-secret"
    secret.parent.mkdir()
    secret.write_bytes(bytes(range(32)))
    with own_site.tracker() as (_, port):
        yield Swarm(tmp_path, port)


class Libtorrent:
    """A libtorrent client that knows nobody but the tracker."""

    def __init__(self, torrent: Path, folder: Path) -> None:
        self._session = libtorrent.session(LIBTORRENT)
        wanted = libtorrent.load_torrent_file(str(torrent))
        wanted.save_path = str(folder)
        self._handle = self._session.add_torrent(wanted)

    def has_all(self) -> bool:
        return bool(self._handle.status().is_seeding)


def test_libtorrent_peers_find_each_other(swarm: Swarm) -> None:
    alice = Libtorrent(swarm.torrent("http"), swarm.alice)
    wait_until("Alice seeding", lambda: alice.has_all() and swarm.knows_a_seed())
    bob = Libtorrent(swarm.torrent("udp"), swarm.bob)
    wait_until("Bob having the film", bob.has_all)


@pytest.mark.parametrize(("of_alice", "of_bob"), [("udp", "http"), ("http", "udp")])
def test_aria2_finds_a_libtorrent_peer(
    swarm: Swarm, tmp_path: Path, of_alice: str, of_bob: str
) -> None:
    aria2 = needs("aria2c", apt="aria2")
    alice = Libtorrent(swarm.torrent(of_alice), swarm.alice)
    wait_until("Alice seeding", lambda: alice.has_all() and swarm.knows_a_seed())
    arguments = (
        aria2,
        f"--dir={swarm.bob}",
        "--seed-time=0",
        "--no-conf",
        "--bt-enable-lpd=false",
        "--enable-peer-exchange=false",
        # It speaks UDP to trackers only with the DHT, which knows nobody here.
        f"--enable-dht={'true' if of_bob == 'udp' else 'false'}",
        f"--dht-file-path={tmp_path / 'dht.dat'}",
        "--enable-dht6=false",
        swarm.torrent(of_bob),
    )
    with running(arguments, tmp_path / "aria2.log") as bob:
        assert bob.wait() == 0, bob.output
    assert swarm.bob_has_it()


def test_transmission_peers_find_each_other(swarm: Swarm, tmp_path: Path) -> None:
    host = own_address()
    if host.startswith("127."):
        pytest.skip("Transmission ignores peers at 127.0.0.1, and this machine has no other.")

    @contextmanager
    def transmission(folder: Path, scheme: str) -> Iterator[Process]:
        program = needs("transmission-cli", apt="transmission-cli")
        settings = tmp_path / f"{folder.name}-settings"
        settings.mkdir()
        (settings / "settings.json").write_text(json.dumps(TRANSMISSION))
        port = str(free_port_of(host))
        options = ("-g", settings, "-w", folder, "-p", port, "-M", swarm.torrent(scheme, host))
        with running((program, *options), tmp_path / f"{folder.name}.log") as process:
            yield process

    with transmission(swarm.alice, "http"):
        wait_until("Alice seeding", swarm.knows_a_seed)
        with transmission(swarm.bob, "udp"):
            wait_until("Bob having the film", swarm.bob_has_it, seconds=60)


@pytest.mark.parametrize("scheme", ["http", "udp"])
def test_npm_peers_find_each_other(swarm: Swarm, tmp_path: Path, scheme: str) -> None:
    node = needs("node", apt="nodejs npm")
    if not (ROOT / "node_modules/bittorrent-tracker").is_dir():
        sentence = "bittorrent-tracker is not installed. `make test` does it where npm is."
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    address = f"{scheme}://127.0.0.1:{swarm.port}/announce"
    arguments = (node, ANNOUNCE, address, INFO_HASH.hex())
    with running(arguments, tmp_path / "npm.log") as process:
        assert process.wait() == 0, process.output
        told = [json.loads(line) for line in process.output.splitlines()]
    assert told == [{"peer": "127.0.0.1:1001"}, {"complete": 1, "incomplete": 1}]


def own_address() -> str:
    """An address of this machine that is not loopback, if it has one. Sends nothing."""
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        address: str = probe.getsockname()[0]
        return address


def free_port_of(host: str) -> int:
    """A port that nobody listens on at this address."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port
