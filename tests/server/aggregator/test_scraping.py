"""Trackers' answers: both protocols, and what is believed of a strange answer."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from pytest_django import Settings

from server.aggregator.scraping import MOST_NUMBER, Numbers, scrape
from server.site.internet import OutgoingError
from tests.answering import Reply, answering

FILM, BOOK = b"f" * 20, b"\x00&=%" * 5


@pytest.fixture(autouse=True)
def _allowed(settings: Settings) -> None:
    settings.FETCH_PRIVATE = True


def test_asks_a_web_tracker_about_many_torrents_in_one_question() -> None:
    asked: list[str] = []

    def answer(question: object) -> Reply:
        asked.append(str(getattr(question, "path", "")))
        numbers = b"d8:completei2e10:downloadedi7e10:incompletei1ee"
        return Reply(b"d5:filesd20:" + FILM + numbers + b"ee")

    with answering(answer) as address:
        found = scrape(f"{address}/x/announce?key=1", [FILM, BOOK])
    assert found == {FILM: Numbers(seeds=2, peers=1, completed=7)}
    assert asked == [
        f"/x/scrape?key=1&info_hash={'f' * 20}&info_hash={'%00%26%3D%25' * 5}",
    ]


@pytest.mark.parametrize(
    ("content", "believed"),
    [
        (b"d5:filesd20:" + FILM + b"d8:completei-5eeee", Numbers(0, 0, 0)),
        (b"d5:filesd20:" + FILM + b"d10:downloadedi%deeee" % 10**18, Numbers(0, 0, MOST_NUMBER)),
        (b"d5:filesd20:" + FILM + b"d8:complete1:xeee", Numbers(0, 0, 0)),
        (b"d5:filesd20:" + FILM + b"leee", None),
    ],
)
def test_believes_no_absurd_numbers(content: bytes, believed: Numbers | None) -> None:
    with answering(lambda _: Reply(content)) as address:
        assert scrape(f"{address}/announce", [FILM]).get(FILM) == believed


@pytest.mark.parametrize("content", [b"", b"<html>", b"de", b"d5:filesi1ee", b"d" * 5_000])
def test_notices_what_is_no_tracker(content: bytes) -> None:
    with answering(lambda _: Reply(content)) as address, pytest.raises(OutgoingError):
        scrape(f"{address}/announce", [FILM])


def test_leaves_a_tracker_alone_that_has_no_address_for_scrapes() -> None:
    with pytest.raises(OutgoingError, match="BEP 48"):
        scrape("http://tracker.example/a", [FILM])


def test_asks_a_udp_tracker() -> None:
    def answer(packet: bytes) -> bytes:
        head, transaction = packet[:8], packet[12:16]
        if head == struct.pack("!Q", 0x41727101980):
            return struct.pack("!I", 0) + transaction + b"greeting"
        assert (head, packet[16:]) == (b"greeting", FILM + BOOK)
        return struct.pack("!I", 2) + transaction + struct.pack("!6I", 2, 7, 1, 2**32 - 1, 0, 0)

    with udp_tracker(answer) as address:
        found = scrape(address, [FILM, BOOK])
    assert found == {FILM: Numbers(2, 1, 7), BOOK: Numbers(MOST_NUMBER, 0, 0)}


@pytest.mark.parametrize("damage", [b"", b"\0\0\0\3xxxxno", b"\0\0\0\0wrong-transaction"])
def test_refuses_a_udp_answer_to_another_question(damage: bytes) -> None:
    with udp_tracker(lambda _: damage) as address, pytest.raises(OutgoingError):
        scrape(address, [FILM])


def test_a_udp_tracker_inside_this_network_is_never_asked(settings: Settings) -> None:
    settings.FETCH_PRIVATE = False
    with pytest.raises(OutgoingError, match="public"):
        scrape("udp://127.0.0.1:6969/announce", [FILM])


@contextmanager
def udp_tracker(answer: Callable[[bytes], bytes]) -> Iterator[str]:
    """A tracker on loopback that answers like this."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def serve() -> None:
            while packet_from := server.recvfrom(2_000):
                if packet_from[0] == b"stop":
                    return
                server.sendto(answer(packet_from[0]), packet_from[1])

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"udp://127.0.0.1:{server.getsockname()[1]}/announce"
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stopper:
                stopper.sendto(b"stop", server.getsockname())
            thread.join()
