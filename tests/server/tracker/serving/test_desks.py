"""Both desks over a real engine: whatever bytes come, there is an answer and no exception."""

import struct
from random import Random

import bencodepy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.tracker.core.connection_ids import ConnectionIds
from server.tracker.core.engine import Engine
from server.tracker.serving.batches import PACKET
from server.tracker.serving.desk import Desk
from server.tracker.serving.limits import Limits
from server.tracker.serving.reception import Reception
from server.tracker.serving.udp import UdpDesk
from server.tracker.stores.memory import MemoryStore
from server.tracker.wire.http import HttpError, read_request

FILM = b"F" * 20
ADDRESSES = [bytes((192, 0, 2, 1)), bytes((10, 0, 0, 1)), bytes(15) + b"\2"]
QUERY = b"info_hash=" + FILM + b"&peer_id=-PL0001-abcdefghijkl&port=6881&uploaded=0&downloaded=0"
QUERY += b"&left=0&compact=1&numwant=50&key=01ab&event=started&ip=1.2.3.4&no_peer_id=1"
ANNOUNCE = struct.pack(">I", 1) + b"1234" + FILM + b"-PL0001-abcdefghijkl"
ANNOUNCE += struct.pack(">qqqI4sIiH", 0, 1, 0, 2, bytes(4), 7, -1, 6881) + b"\2\5/path"


class KnowsAll:
    """An admission for which nothing is to be asked."""

    def is_known(self, info_hash: bytes) -> bool:
        return True


@st.composite
def damaged(draw: st.DrawFn, good: bytes) -> bytes:
    """Good bytes with some of them cut out, doubled or replaced."""
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(good)))
        end = draw(st.integers(start, min(len(good), start + 30)))
        middle = draw(st.binary(max_size=8) | st.just(good[start:end] * 2))
        good = good[:start] + middle + good[end:]
    return good


@pytest.fixture(scope="module")
def reception() -> Reception:
    engine = Engine(MemoryStore(Random(7).random), lambda: 1_000_000.0)
    engine.welcome(FILM)
    return Reception(engine, KnowsAll())  # type: ignore[arg-type]


@settings(max_examples=400, deadline=None)
@given(
    path=st.sampled_from([b"/announce", b"/scrape", b"/metrics", b"/"]),
    query=damaged(QUERY),
    address=st.sampled_from(ADDRESSES),
)
def test_every_query_is_answered(
    reception: Reception, path: bytes, query: bytes, address: bytes
) -> None:
    desk = Desk(reception, Limits(most=10**9))
    try:
        found = read_request(b"GET " + path + b"?" + query + b" HTTP/1.1\r\nHost: t\r\n\r\n")
        if found is None:
            return
        answer = desk.answer(found[0], address)
    except HttpError:
        return
    assert isinstance(answer, bytes)
    assert set(bencodepy.decode(answer)) & {b"failure reason", b"interval", b"files"}


@settings(max_examples=400, deadline=None)
@given(
    packet=damaged(ANNOUNCE),
    is_good=st.booleans(),
    address=st.sampled_from(ADDRESSES),
    end=st.binary(max_size=2000),
)
def test_every_packet_is_answered_or_left(
    reception: Reception, packet: bytes, is_good: bool, address: bytes, end: bytes
) -> None:
    ids = ConnectionIds(bytes(32), lambda: 1_000_000.0)
    desk = UdpDesk(reception, ids, Limits(most=10**9))
    request = (ids.make(address) if is_good else bytes(8)) + packet + end
    replies = bytearray(PACKET)
    size = desk.answer(bytearray(request), 0, len(request), address, replies)
    assert isinstance(size, int)
    answer = replies[:size]
    if answer[:4] == struct.pack(">I", 3):
        assert len(answer) <= len(request)
    elif answer:
        assert is_good
