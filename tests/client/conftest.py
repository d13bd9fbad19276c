"""What the client's tests share: engines that stay on this computer, and a tiny tracker."""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from socketserver import TCPServer
from urllib.parse import parse_qs, unquote_to_bytes, urlsplit

import pytest

from client.engine.libtorrent_engine import LibtorrentEngine
from client.engine.transfer import Limits, Wishes
from client.jobs.making import Making, Recipe
from client.jobs.stopping import Stop
from client.opening.handover import Door, Request, open_door
from client.opening.what import Torrent, read_torrent
from client.words import speak
from installer.formats.bencoding import encode
from tests.client.site_double import SiteDouble, open_site

QUIET = (
    ("listen_interfaces", "127.0.0.1:0"),
    ("enable_dht", "false"),
    ("enable_lsd", "false"),
    ("enable_upnp", "false"),
    ("enable_natpmp", "false"),
)

Engines = Callable[..., LibtorrentEngine]


@pytest.fixture
def engines() -> Iterator[Engines]:
    """Make engines that talk to nobody outside, and close them all at the end."""
    opened: list[LibtorrentEngine] = []

    def make(upload: int = 0, download: int = 0) -> LibtorrentEngine:
        opened.append(LibtorrentEngine(Wishes(Limits(upload, download), settings=QUIET)))
        return opened[-1]

    yield make
    for engine in opened:
        engine.close()


@pytest.fixture(autouse=True)
def no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """No window ever opens on the screen of whoever runs the tests."""
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("LANGUAGE", "en")
    speak("en")


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder of the test's own."""
    folder = tmp_path / "state"
    monkeypatch.setenv("PASSALONG_HOME", str(folder))
    return folder


@pytest.fixture
def received() -> "queue.Queue[Request]":
    """What the window that is open was given."""
    return queue.Queue()


@pytest.fixture
def door(state: Path, received: "queue.Queue[Request]") -> Iterator[Door]:
    """The way to a window that is open, until the test ends."""
    opened = open_door(state, received.put)
    assert opened is not None
    yield opened
    opened.shut()
    opened.give_up()


class Tracker:
    """Knows who announced which torrent, and says so to the next one."""

    def __init__(self) -> None:
        self.announces: list[dict[str, str]] = []
        self.failure = ""
        self.warning = b""
        self._peers: dict[bytes, set[tuple[str, int]]] = {}

    def answer(self, query: str, host: str) -> bytes:
        raw = dict(part.split("=", 1) for part in query.split("&"))
        info_hash = unquote_to_bytes(raw["info_hash"])
        said = {key: values[0] for key, values in parse_qs(query).items() if key != "info_hash"}
        self.announces.append(said)
        if self.failure:
            return encode({b"failure reason": self.failure.encode(errors="surrogateescape")})
        peers = self._peers.setdefault(info_hash, set())
        peer = (said.get("ip", host), int(said["port"]))
        if said.get("event") == "stopped":
            peers.discard(peer)
        else:
            peers.add(peer)
        compact = b"".join(
            IPv4Address(ip).packed + port.to_bytes(2, "big") for ip, port in peers - {peer}
        )
        warning = {b"warning message": self.warning} if self.warning else {}
        return encode(
            {
                b"complete": 7,
                b"incomplete": 0,
                b"interval": 5,
                b"min interval": 1,
                b"peers": compact,
                **warning,
            }
        )


@pytest.fixture
def tracker() -> Iterator[tuple[Tracker, str]]:
    """A tracker on this computer, and its announce address."""
    with open_tracker("127.0.0.1") as opened:
        yield opened


class _Server(ThreadingHTTPServer):
    def server_bind(self) -> None:
        """Without asking for the name of this address, which takes long where nobody answers."""
        TCPServer.server_bind(self)
        self.server_port = self.server_address[1]


@contextmanager
def open_tracker(address: str) -> Iterator[tuple[Tracker, str]]:
    """Answer at this address until the block ends."""
    swarm = Tracker()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = swarm.answer(urlsplit(self.path).query, self.client_address[0])
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            # A client that ends does not wait for the answer to its goodbye.
            with suppress(OSError):
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = _Server((address, 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield swarm, f"http://{address}:{server.server_port}/announce"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def make_torrent(path: Path, announce: str = "", **recipe: bool) -> Torrent:
    """Hash the files and read the torrent back."""
    making = Making(path, Recipe(announce=[announce] if announce else [], **recipe))
    for _ in making.run(Stop()):
        pass
    return read_torrent(making.torrent())


@pytest.fixture
def site() -> Iterator[SiteDouble]:
    """A site on this computer."""
    with open_site() as double:
        yield double
