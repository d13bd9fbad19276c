"""The tracker seen from outside, over HTTP: what any tracker at any address should do."""

import socket

import pytest

from .conftest import ONE_PROCESS
from .talking import Address, announce, announce_target, ask, compact, exchange, has_ipv6

STRANGE = b"?" * 20


def test_peers_find_each_other(address: Address, film: bytes) -> None:
    announce(address, film, 1001, "&event=started", left=0)
    answer = announce(address, film, 1002, "&event=started")
    assert answer[b"peers"] == compact(1001)
    assert (answer[b"complete"], answer[b"incomplete"]) == (1, 1)
    assert 0 < answer[b"min interval"] <= answer[b"interval"]


def test_refuses_a_torrent_it_was_not_told_about(address: Address) -> None:
    assert b"failure reason" in announce(address, STRANGE)


def test_a_stopped_peer_is_gone(address: Address, film: bytes) -> None:
    announce(address, film, 1001, left=0)
    announce(address, film, 1001, "&event=stopped", left=0)
    assert announce(address, film, 1002)[b"peers"] == b""


def test_scrape_tells_the_numbers(address: Address, film: bytes) -> None:
    announce(address, film, 1001)
    announce(address, film, 1001, "&event=completed", left=0)
    announce(address, film, 1002)
    _, _, query = announce_target(film).partition("?")
    expected = {b"complete": 1, b"downloaded": 1, b"downloaders": 1, b"incomplete": 1}
    assert ask(address, f"/scrape?{query}") == {b"files": {film: expected}}


def test_a_scrape_of_everything_is_refused(address: Address) -> None:
    assert b"failure reason" in ask(address, "/scrape")


def test_gives_dictionaries_when_asked_to(address: Address, film: bytes) -> None:
    announce(address, film, 1001)
    peers = announce(address, film, 1002, "&compact=0")[b"peers"]
    assert peers == [{b"ip": b"127.0.0.1", b"port": 1001}]


def test_ipv6_peers_find_each_other(address: Address, film: bytes) -> None:
    if address[0] != "127.0.0.1" or not has_ipv6():
        pytest.skip("This machine has no IPv6.")
    announce(("::1", address[1]), film, 1001)
    answer = announce(("::1", address[1]), film, 1002)
    assert answer[b"peers6"] == bytes(15) + b"\x01" + (1001).to_bytes(2, "big")


@pytest.mark.parametrize(
    "target",
    [
        "/announce",
        "/announce?info_hash=abc",
        announce_target(STRANGE) + "&info_hash=" + "a" * 20,
        announce_target(STRANGE).replace("?", "?info_hash=%zz&", 1),
        announce_target(STRANGE, port=0),
        announce_target(STRANGE, port=65536),
        announce_target(STRANGE, port=-1),
        announce_target(STRANGE) + "&numwant=many",
        "/scrape?info_hash=abc",
    ],
)
def test_a_bad_request_gets_a_reason_with_status_200(address: Address, target: str) -> None:
    assert ask(address, target)[b"failure reason"].endswith(b".")


def test_port_0_is_refused_and_never_listed(address: Address, film: bytes) -> None:
    assert b"failure reason" in announce(address, film, 0)
    assert announce(address, film, 1002)[b"peers"] == b""


@pytest.mark.parametrize("extra", [f"&uploaded=-{9 * 10**30}", "&numwant=1000000000", "&left=-5"])
def test_absurd_numbers_do_no_harm(address: Address, film: bytes, extra: str) -> None:
    assert b"peers" in announce(address, film, 1001, extra)


def test_nobody_can_announce_somebody_else(address: Address, film: bytes) -> None:
    stranger = "X-Forwarded-For: 203.0.113.7"
    target = announce_target(film, 1001, "&ip=1.2.3.4&ipv4=1.2.3.4&ipv6=2001:db8::1")
    ask(address, target, stranger)
    assert announce(address, film, 1002)[b"peers"][:4] == bytes((203, 0, 113, 7))


def test_a_peer_of_this_network_may_state_its_public_address(address: Address, film: bytes) -> None:
    announce(address, film, 1001, "&ip=1.2.3.4")
    assert announce(address, film, 1002)[b"peers"][:4] == bytes((1, 2, 3, 4))


def test_says_when_to_ask_again_for_an_unknown_torrent(address: Address) -> None:
    assert announce(address, STRANGE)[b"retry in"] > 0


def test_partial_seeds_are_incomplete_but_not_downloading(address: Address, film: bytes) -> None:
    announce(address, film, 1001, "&event=paused")
    announce(address, film, 1002, "&trackerid=never-given")
    _, _, query = announce_target(film).partition("?")
    numbers = ask(address, f"/scrape?{query}")[b"files"][film]
    assert (numbers[b"incomplete"], numbers[b"downloaders"]) == (2, 1)


def test_believes_x_forwarded_for_from_this_machine(address: Address, film: bytes) -> None:
    forwarded = "X-Forwarded-For: 198.51.100.66, 203.0.113.7"
    answer = ask(address, announce_target(film, 1001), forwarded)
    assert answer[b"external ip"] == bytes((203, 0, 113, 7))


def test_keeps_a_connection_and_answers_in_order(address: Address, film: bytes) -> None:
    one = f"GET {announce_target(film, 1001)} HTTP/1.1\r\nHost: t\r\n\r\n".encode()
    other = b"GET /scrape HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n"
    received = exchange(address, one + other)
    assert received.count(b"HTTP/1.1 200 OK") == 2
    assert received.index(b"interval") < received.index(b"failure reason")


def test_http_1_0_is_answered_and_closed(address: Address, film: bytes) -> None:
    received = exchange(address, f"GET {announce_target(film)} HTTP/1.0\r\n\r\n".encode())
    assert b"8:interval" in received


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"HEAD /announce HTTP/1.1\r\nHost: t\r\n\r\n", 405),
        (b"GET /elsewhere HTTP/1.1\r\nHost: t\r\n\r\n", 404),
        (b"GET /announce?" + b"a" * 65536 + b" HTTP/1.1\r\nHost: t\r\n\r\n", 414),
        (b"hello\r\n\r\n", 400),
        (b"\x16\x03\x01\x00\xa5\r\n\r\n", 400),
    ],
)
def test_what_is_no_request_gets_an_error(address: Address, sent: bytes, status: int) -> None:
    assert exchange(address, sent).startswith(b"HTTP/1.1 %d " % status)


def test_a_request_in_single_bytes_is_understood(address: Address, film: bytes) -> None:
    with socket.create_connection(address, timeout=20) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in f"GET {announce_target(film)} HTTP/1.0\r\n\r\n".encode():
            connection.send(bytes([byte]))
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 OK")


@ONE_PROCESS
def test_a_slow_sender_is_cut_off(address: Address) -> None:
    assert exchange(address, b"GET /announce?info_hash=") == b""


@ONE_PROCESS
def test_idle_connections_keep_nobody_out(address: Address, film: bytes) -> None:
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    idle = []
    try:
        for _ in range(min(10_000, hard - 500)):
            idle.append(socket.create_connection(address, timeout=20))  # noqa: PERF401
        for connection in idle[::2]:
            connection.send(b"GET /announce?")
        assert b"peers" in announce(address, film)
    finally:
        for connection in idle:
            connection.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
