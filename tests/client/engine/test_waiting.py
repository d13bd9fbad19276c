"""How long packets wait in the line, asked of somebody who is not there."""

import socket

import pytest

from client.engine.waiting import Address, Waiting, _round_trip
from tests.programs import free_port, wait_until

SITE, OTHER = "http://198.51.100.1/announce", "https://[2001:db8::1]:444/announce"


class Way:
    """Takes as long as the test says; None is silence."""

    def __init__(self) -> None:
        self.seconds: float | None = 0.03
        self.asked: list[Address] = []

    def __call__(self, address: Address) -> float | None:
        self.asked.append(address)
        return self.seconds


def ask(waiting: Waiting, *urls: str, now: float = 0.0) -> float | None:
    waiting.ask(urls, now)
    wait_until("an answer", lambda: not waiting.is_asking())
    return waiting.seconds()


def test_what_is_more_than_the_way_needs_was_spent_waiting() -> None:
    way = Way()
    waiting = Waiting(way)
    assert ask(waiting, SITE) == 0
    way.seconds = 0.18
    assert ask(waiting, SITE, now=60) == pytest.approx(0.15)
    assert ask(waiting, SITE, now=1200) == pytest.approx(0)


def test_in_another_network_the_way_is_another() -> None:
    way = Way()
    waiting = Waiting(way)
    ask(waiting, SITE)
    way.seconds = 0.18
    waiting.begin_anew()
    assert ask(waiting, SITE) == 0


def test_who_has_answered_is_asked_again() -> None:
    way = Way()
    waiting = Waiting(way)
    for _ in range(3):
        ask(waiting, SITE, OTHER)
    assert len(set(way.asked)) == 1


def test_silence_is_a_full_line_at_first_and_then_nobody() -> None:
    way = Way()
    waiting = Waiting(way)
    ask(waiting, SITE)
    way.seconds = None
    assert [ask(waiting, SITE) for _ in range(6)] == [2.0] * 5 + [None]
    ask(waiting, SITE, OTHER)
    ask(waiting, SITE, OTHER)
    assert set(way.asked[-2:]) == {("198.51.100.1", 80), ("2001:db8::1", 444)}


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a",
        "http://192.168.1.5:6969/a",
        "udp://198.51.100.1/announce",
        "http://a:b/",
        "http://[::1/",
    ],
)
def test_nobody_on_this_side_of_the_line_can_tell(url: str) -> None:
    way = Way()
    assert (ask(Waiting(way), url), way.asked) == (None, [])


def test_an_address_that_is_none_leaves_no_answer_of_before() -> None:
    way = Way()
    waiting = Waiting(way)
    assert ask(waiting, SITE) == 0
    assert ask(waiting, "http://[::1/") is None


def test_an_address_that_is_silent_is_followed_by_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hosts = ["2001:db8::1", "198.51.100.1"]
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (host, 80)) for host in hosts]
    )
    asked: list[Address] = []

    def only_ipv4(address: Address) -> float | None:
        asked.append(address)
        return None if ":" in address[0] else 0.03

    waiting = Waiting(only_ipv4)
    assert [ask(waiting, "http://tracker.example/") for _ in range(2)] == [0, 0]
    assert [host for host, _ in asked] == [*hosts, hosts[1]]


def test_a_tracker_for_udp_is_asked_too() -> None:
    way = Way()
    assert ask(Waiting(way), "udp://198.51.100.1:6969/announce") == 0
    assert way.asked == [("198.51.100.1", 6969)]


def test_a_refusal_is_an_answer_too() -> None:
    assert _round_trip(("127.0.0.1", free_port())) is not None
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert _round_trip(server.getsockname()) is not None
