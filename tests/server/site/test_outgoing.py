"""What the site asks of other machines: nothing near it, nothing large, nothing endless."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import pytest
from pytest_django import Settings

from server.site import outgoing
from server.site.internet import is_public
from server.site.outgoing import OutgoingError, Question, ask

NOT_PUBLIC = [
    *("127.0.0.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
    *("100.64.0.1", "192.0.0.8", "192.88.99.1", "224.0.0.1", "255.255.255.255", "198.18.0.1"),
    *("::", "::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "64:ff9b::a00:1", "64:ff9b:1::1"),
    *("2002:a00:1::", "2001::1", "2001:db8::1", "fe80::1", "fc00::1", "fec0::1", "ff02::1"),
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_knows_which_addresses_are_not_on_the_internet(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111"])
def test_knows_which_addresses_are(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "gopher://example.org/", "ftp://example.org/", "example.org", ""),
        *("http://127.0.0.1/", "http://127.1/", "http://0x7f.1/", "http://2130706433/"),
        *("http://[::1]/", "http://[::ffff:10.0.0.1]/", "http://[64:ff9b::a00:1]/"),
        *("http://169.254.169.254/latest/", "http://user@example.org/", "http://localhost/"),
        *("http://example.org:25/", "http://example.org:99999/", "http://[bad/", "http://"),
    ],
)
def test_refuses_what_is_not_a_public_web_address(url: str) -> None:
    with pytest.raises(OutgoingError):
        ask(Question(url))


@pytest.mark.parametrize("address", ["10.0.0.1", "64:ff9b::a00:1", "fec0::1"])
def test_refuses_a_name_that_leads_to_the_inside(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answer)
    with pytest.raises(OutgoingError):
        ask(Question("http://innocent.example/"))


def test_connects_to_the_address_that_it_has_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    # A name that answers differently the second time: there is no second time.
    answers = iter(["8.8.8.8", "127.0.0.1"])
    connected: list[object] = []

    def look_up(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), 80))]

    def connect(_socket: socket.socket, address: object) -> None:
        connected.append(address)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(OutgoingError):
        ask(Question("http://rebinding.example/"))
    assert connected == [("8.8.8.8", 80)]


class TestOnLoopback:
    """With the setting that lets tests ask this computer."""

    @pytest.fixture(autouse=True)
    def _allowed(self, settings: Settings) -> None:
        settings.FETCH_PRIVATE = True

    def test_follows_a_redirect_and_says_where_it_ended(self) -> None:
        with answering(
            {"/": (302, {"Location": "/there"}, b""), "/there": (200, {}, b"yes")}
        ) as at:
            answer = ask(Question(f"{at}/"))
        assert (answer.url, answer.status, answer.content) == (f"{at}/there", 200, b"yes")

    def test_checks_every_redirect(self, settings: Settings) -> None:
        with (
            answering({"/": (302, {"Location": "file:///etc/passwd"}, b"")}) as at,
            pytest.raises(OutgoingError, match="must not be asked"),
        ):
            ask(Question(f"{at}/"))

    def test_does_not_go_round_in_circles(self) -> None:
        with (
            answering({"/": (302, {"Location": "/"}, b"")}) as at,
            pytest.raises(OutgoingError, match="on and on"),
        ):
            ask(Question(f"{at}/"))

    @pytest.mark.parametrize(
        "answer",
        [
            (200, {}, b"x" * 20_000),
            (302, {"Location": "/big"}, b"x" * 20_000_000),
            (200, {"Content-Encoding": "gzip"}, b"\x1f\x8b"),
        ],
    )
    def test_takes_no_more_than_it_wants(self, answer: tuple[int, dict[str, str], bytes]) -> None:
        pages = {"/": answer, "/big": (200, {}, b"x" * 20_000)}
        with answering(pages) as at, pytest.raises(OutgoingError):
            ask(Question(f"{at}/", most_bytes=10_000))

    @pytest.mark.parametrize("so_far", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nslow"])
    def test_does_not_wait_for_ever(self, monkeypatch: pytest.MonkeyPatch, so_far: bytes) -> None:
        monkeypatch.setattr(outgoing, "SECONDS_IN_ALL", 0.3)
        with silent(so_far) as at, pytest.raises(OutgoingError, match="too long"):
            ask(Question(at))

    def test_sends_no_cookies_on(self) -> None:
        pages = {
            "/": (302, {"Location": "/there", "Set-Cookie": "a=b"}, b""),
            "/there": (200, {}, b""),
        }
        with answering(pages) as at:
            answer = ask(Question(f"{at}/"))
        assert "a=b" not in answer.headers["X-Asked"]


@contextmanager
def answering(pages: dict[str, tuple[int, dict[str, str], bytes]]) -> Iterator[str]:
    """A server on loopback with these pages; its address without the closing slash."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, content = pages[self.path]
            self.send_response(status)
            self.send_header("X-Asked", repr(dict(self.headers)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(content)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def silent(so_far: bytes) -> Iterator[str]:
    """A server that takes the connection, says this much, and then nothing more."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        accepted: list[socket.socket] = []

        def accept() -> None:
            connection, _ = server.accept()
            accepted.append(connection)
            connection.sendall(so_far)

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        finally:
            thread.join()
            for each in accepted:
                each.close()
