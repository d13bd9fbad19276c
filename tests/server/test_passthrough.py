"""The tracker's addresses on the web port, against a small tracker made here."""

import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

import pytest

from server.passthrough import Tracker
from tests.programs import free_port


class SmallTracker(ThreadingHTTPServer):
    """Remembers what it was asked."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.asked: list[tuple[str, str]] = []
        self.sockets: set[int] = set()
        self.connections: list[socket.socket] = []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: SmallTracker

    def setup(self) -> None:
        super().setup()
        self.server.connections.append(self.connection)

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["X-Forwarded-For"]))
        body = b"d8:intervali1800ee"
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


Ask = Callable[..., tuple[str, bytes]]


def asker(tracker: Tracker) -> Ask:
    """A web server's way to call the WSGI application."""

    def ask(path: str = "/announce", **environ: str) -> tuple[str, bytes]:
        statuses: list[str] = []

        def start_response(status: str, headers: list[tuple[str, str]], *_: object) -> object:
            statuses.append(status)
            return None

        request = {"PATH_INFO": path, "REMOTE_ADDR": "203.0.113.7", **environ}
        body = b"".join(tracker(request, start_response))  # type: ignore[arg-type]
        return statuses[0], body

    return ask


@pytest.fixture
def small_tracker() -> Iterator[SmallTracker]:
    with serving(SmallTracker()) as tracker:
        yield tracker


class serving:  # noqa: N801  (reads as a block)
    """Serves in the background for as long as the block lasts."""

    def __init__(self, tracker: SmallTracker) -> None:
        self.tracker = tracker
        self.thread = threading.Thread(target=tracker.serve_forever, args=(0.01,))

    def __enter__(self) -> SmallTracker:
        self.thread.start()
        return self.tracker

    def __exit__(self, *_: object) -> None:
        self.tracker.shutdown()
        self.thread.join()
        self.tracker.server_close()
        for connection in self.tracker.connections:
            connection.close()


@pytest.fixture
def ask_through() -> Iterator[Callable[..., Ask]]:
    """Makes an `ask` for the tracker on a port."""
    made: list[Tracker] = []

    def ask_through(port: int, *trusted: str) -> Ask:
        made.append(Tracker("127.0.0.1", port, [ip_network(text) for text in trusted]))
        return asker(made[-1])

    yield ask_through
    for tracker in made:
        tracker._connection().close()


@pytest.fixture
def ask(small_tracker: SmallTracker, ask_through: Callable[..., Ask]) -> Ask:
    return ask_through(small_tracker.server_port)


def test_answers_with_the_trackers_answer(ask: Ask) -> None:
    assert ask() == ("200 OK", b"d8:intervali1800ee")


def test_leaves_every_byte_of_the_query_as_it_came(ask: Ask, small_tracker: SmallTracker) -> None:
    query = "info_hash=%00%ff%2B+%aA&peer_id=-XX-~%20;a=b&&compact=1"

    ask(QUERY_STRING=query)

    assert small_tracker.asked == [(f"/announce?{query}", "203.0.113.7")]


def test_never_passes_on_what_a_stranger_says_of_his_address(
    ask: Ask, small_tracker: SmallTracker
) -> None:
    ask(HTTP_X_FORWARDED_FOR="198.51.100.1")

    assert small_tracker.asked[0][1] == "203.0.113.7"


def test_believes_a_trusted_proxy(
    small_tracker: SmallTracker, ask_through: Callable[..., Ask]
) -> None:
    ask = ask_through(small_tracker.server_port, "203.0.113.0/24")

    ask(HTTP_X_FORWARDED_FOR="192.0.2.66, 198.51.100.1")

    assert small_tracker.asked[0][1] == "198.51.100.1"


def test_keeps_one_connection_for_many_announces(ask: Ask, small_tracker: SmallTracker) -> None:
    for _ in range(5):
        ask()

    assert len(small_tracker.connections) == 1


def test_finds_a_tracker_that_was_restarted(ask_through: Callable[..., Ask]) -> None:
    port = free_port()
    ask = ask_through(port)
    with serving(SmallTracker(port)):
        ask()

    with serving(SmallTracker(port)):
        assert ask() == ("200 OK", b"d8:intervali1800ee")


def test_says_in_the_trackers_language_that_it_is_restarting(
    ask_through: Callable[..., Ask],
) -> None:
    ask = ask_through(free_port())

    reason = b"The tracker is restarting. Try again in a minute."
    assert ask() == ("200 OK", b"d14:failure reason%d:%se" % (len(reason), reason))


def test_refuses_what_cannot_stand_in_a_request(ask: Ask, small_tracker: SmallTracker) -> None:
    status, body = ask(QUERY_STRING="info_hash=\xff")

    assert (status, body[:18]) == ("200 OK", b"d14:failure reason")
    assert small_tracker.asked == []


@pytest.mark.parametrize("query", ["a=b HTTP/1.1\r\nX-Forwarded-For: 1.2.3.4", "a=\n"])
def test_a_query_cannot_smuggle_in_a_header(
    ask: Ask, small_tracker: SmallTracker, query: str
) -> None:
    ask(QUERY_STRING=query)

    assert small_tracker.asked == []
