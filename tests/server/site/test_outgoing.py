"""What the site asks of other machines: nothing near it, nothing large, nothing endless."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address

import pytest
from pytest_django import Settings

from server.site import outgoing
from server.site.internet import is_public
from server.site.outgoing import OutgoingError, Question, ask
from tests.answering import Asked, Reply, answering

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
        with pages(start=leading_to("/there"), there=Reply(b"yes")) as start:
            answer = ask(Question(start))
        assert (answer.url, answer.content) == (start.replace("start", "there"), b"yes")

    @pytest.mark.parametrize(
        ("target", "reason"), [("file:///etc/passwd", "must not be asked"), ("/start", "on and on")]
    )
    def test_does_not_follow_just_any_redirect(self, target: str, reason: str) -> None:
        with pages(start=leading_to(target)) as start, pytest.raises(OutgoingError, match=reason):
            ask(Question(start))

    @pytest.mark.parametrize(
        "reply",
        [
            Reply(b"x" * 20_000),
            Reply(b"x" * 20_000_000, 302, {"Location": "/big"}),
            Reply(b"\x1f\x8b", headers={"Content-Encoding": "gzip"}),
        ],
    )
    def test_takes_no_more_than_it_wants(self, reply: Reply) -> None:
        with pages(start=reply, big=Reply(b"x" * 20_000)) as start, pytest.raises(OutgoingError):
            ask(Question(start, most_bytes=10_000))

    @pytest.mark.parametrize("so_far", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nslow"])
    def test_does_not_wait_for_ever(self, monkeypatch: pytest.MonkeyPatch, so_far: bytes) -> None:
        monkeypatch.setattr(outgoing, "SECONDS_IN_ALL", 0.3)
        with silent(so_far) as at, pytest.raises(OutgoingError, match="too long"):
            ask(Question(at))

    def test_sends_no_cookies_on(self) -> None:
        asked: list[Asked] = []

        def answer(question: Asked) -> Reply:
            asked.append(question)
            again = {"Location": "/there", "Set-Cookie": "a=b"}
            return Reply(status=302, headers=again) if len(asked) == 1 else Reply()

        with answering(answer) as address:
            ask(Question(address))
        assert "Cookie" not in asked[1].headers


def leading_to(target: str) -> Reply:
    """A redirect."""
    return Reply(status=302, headers={"Location": target})


@contextmanager
def pages(**replies: Reply) -> Iterator[str]:
    """A server with these pages; `start` is the one at the returned address."""
    with answering(lambda asked: replies[asked.path.strip("/")]) as address:
        yield f"{address}/start"


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
