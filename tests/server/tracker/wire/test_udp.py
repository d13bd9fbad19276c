"""UDP packets: what is read, what is refused, what is written."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.tracker.core.errors import RequestError
from server.tracker.core.messages import AnnounceReply, ScrapeEntry
from server.tracker.wire import udp

FILM, OTHER = b"F" * 20, b"O" * 20
HEAD = b"IDENTITY" + struct.pack(">I", 1) + b"tran"
PACKET = HEAD + FILM + bytes(20) + struct.pack(">qqqI4sIiH", 1, 0, 3, 2, bytes(4), 300, -1, 6881)


def test_reads_an_announce() -> None:
    found = (b"IDENTITY", b"\0\0\0\1", b"tran", FILM, 0, 2, bytes(4), 300 & 0xFF, -1, b"\x1a\xe1")
    assert udp.unpack_announce(PACKET) == found


def test_reads_the_address_in_the_options() -> None:
    options = b"\x01\x02\x05/anno\x02\x04unce\x00\xff"
    assert udp.check_options(PACKET + options) == b"/announce"


def test_writes_peers_of_one_family() -> None:
    reply = AnnounceReply(300, 2, 1, b"PEER44", b"SIX" * 6)
    written = udp.write_announce_reply(b"tran", reply, is_ipv6=False)
    assert written == struct.pack(">I4sIII", 1, b"tran", 300, 1, 2) + b"PEER44"
    assert udp.write_announce_reply(b"tran", reply, is_ipv6=True).endswith(b"SIX" * 6)


def test_writes_zeros_for_an_unknown_torrent() -> None:
    written = udp.write_scrape_reply(b"tran", [OTHER, FILM], [ScrapeEntry(FILM, 1, 2, 2**40, 2)])
    assert written == b"\0\0\0\2tran" + bytes(12) + struct.pack(">III", 1, 2**32 - 1, 2)


@given(st.binary(max_size=300))
def test_any_bytes_behind_an_announce_are_options_or_refused(end: bytes) -> None:
    with suppress(RequestError):
        udp.check_announce(PACKET + end, b"\x1a\xe1")


@given(st.binary(min_size=16, max_size=2000))
def test_any_bytes_are_a_scrape_or_refused(packet: bytes) -> None:
    try:
        info_hashes = udp.read_scrape(packet)
    except RequestError:
        return
    assert 1 <= len(info_hashes) <= 74


@pytest.mark.parametrize("size", [16, 20, 98])
def test_an_error_is_never_longer_than_its_request(size: int) -> None:
    assert len(udp.write_error(b"tran", size, "A very long sentence. " * 20)) <= size
