"""Clients that nobody here wrote find each other through the tracker."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import bencodepy
import libtorrent
import pytest

from tests.programs import needs, running, wait_until

from .site_process import Site

CONTENT = bytes(range(256)) * 2048
PIECE = 65536
SETTINGS = {
    "listen_interfaces": "127.0.0.1:0",
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_outgoing_utp": False,
    "allow_multiple_connections_per_ip": True,
}


@pytest.fixture
def torrent(tmp_path: Path, own_site: Site) -> Iterator[Path]:
    """A published torrent with the running tracker's address; Alice has its file."""
    (tmp_path / "alice").mkdir()
    (tmp_path / "alice" / "film.bin").write_bytes(CONTENT)
    pieces = [
        hashlib.sha1(CONTENT[start : start + PIECE]).digest()
        for start in range(0, len(CONTENT), PIECE)
    ]
    info = {
        b"length": len(CONTENT),
        b"name": b"film.bin",
        b"piece length": PIECE,
        b"pieces": b"".join(pieces),
    }
    own_site.welcome(hashlib.sha1(bencodepy.encode(info)).digest())
    with own_site.tracker() as (_, port):
        announce = f"http://127.0.0.1:{port}/announce".encode()
        path = tmp_path / "film.torrent"
        path.write_bytes(bencodepy.encode({b"announce": announce, b"info": info}))
        yield path


class Peer:
    """A libtorrent client that knows nobody but the tracker."""

    def __init__(self, torrent: Path, folder: Path) -> None:
        self._session = libtorrent.session(SETTINGS)
        wanted = libtorrent.load_torrent_file(str(torrent))
        wanted.save_path = str(folder)
        self._handle = self._session.add_torrent(wanted)

    def has_all(self) -> bool:
        return bool(self._handle.status().is_seeding)


def test_libtorrent_peers_find_each_other(torrent: Path, tmp_path: Path) -> None:
    alice = Peer(torrent, tmp_path / "alice")
    wait_until("Alice seeding", alice.has_all)
    bob = Peer(torrent, tmp_path / "bob")
    wait_until("Bob having the film", bob.has_all)


def test_aria2_finds_a_libtorrent_peer(torrent: Path, tmp_path: Path) -> None:
    aria2 = needs("aria2c", apt="aria2")
    alice = Peer(torrent, tmp_path / "alice")
    wait_until("Alice seeding", alice.has_all)
    arguments = (
        aria2,
        f"--dir={tmp_path / 'bob'}",
        "--seed-time=0",
        "--enable-dht=false",
        "--enable-dht6=false",
        "--bt-enable-lpd=false",
        "--no-conf",
        torrent,
    )
    with running(arguments, tmp_path / "aria2.log") as bob:
        assert bob.wait() == 0, bob.output
    assert (tmp_path / "bob" / "film.bin").read_bytes() == CONTENT
