"""HTTP announces: what is read, what is refused, what is written."""

import re
from ipaddress import ip_network
from urllib.parse import quote_from_bytes, unquote_to_bytes

import bencodepy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.tracker.core.errors import RequestError
from server.tracker.core.messages import Announce, AnnounceReply, Event
from server.tracker.wire.announces import read_announce, write_announce_reply
from server.tracker.wire.queries import decoded

FILM = bytes(range(0, 200, 10))
ADDRESS = bytes((192, 0, 2, 1))
HASH = b"info_hash=" + quote_from_bytes(FILM).encode()
GOOD = HASH + b"&peer_id=-PL0001-abcdefghijkl&port=6881&uploaded=0&downloaded=0&left=0"
REPLY = AnnounceReply(300, 2, 1, ADDRESS + b"\x1a\xe1", b"")


def test_reads_an_announce() -> None:
    announce, is_compact = read_announce(GOOD + b"&event=started&numwant=30", ADDRESS)
    assert announce == Announce(
        FILM, ADDRESS + b"\x1a\xe1", Event.STARTED, is_seed=True, numwant=30, key=announce.key
    )
    assert is_compact


@pytest.mark.parametrize(
    ("text", "event"),
    [
        (b"", Event.UPDATE),
        (b"&event=", Event.UPDATE),
        (b"&event=empty", Event.UPDATE),
        (b"&event=completed", Event.COMPLETED),
        (b"&event=stopped", Event.STOPPED),
        (b"&event=paused", Event.PAUSED),
    ],
)
def test_reads_the_event(text: bytes, event: Event) -> None:
    assert read_announce(GOOD + text, ADDRESS)[0].event is event


def test_the_sites_own_copy_is_nobodys_download() -> None:
    for peer_id in (b"-PS0100-", b"%2DPS0100-"):
        query = GOOD.replace(b"-PL0001-", peer_id) + b"&event=completed"
        assert read_announce(query, ADDRESS)[0].event is Event.UPDATE


@pytest.mark.parametrize(
    ("left", "is_seed"),
    [(b"0", True), (b"1", False), (b"-1", False), (b"", False), (b"9" * 30, False)],
)
def test_only_who_has_nothing_left_is_a_seed(left: bytes, is_seed: bool) -> None:
    query = GOOD.replace(b"&left=0", b"&left=" + left)
    assert read_announce(query, ADDRESS)[0].is_seed is is_seed


@pytest.mark.parametrize("sender", [(10, 0, 0, 7), (127, 0, 0, 1), (192, 168, 1, 1)])
def test_believes_a_public_address_that_a_neighbour_states(sender: tuple[int, ...]) -> None:
    assert read_announce(GOOD + b"&ip=1.2.3.4", bytes(sender))[0].peer[:4] == bytes((1, 2, 3, 4))


def test_believes_a_trusted_proxy_too() -> None:
    proxy = bytes((203, 0, 113, 1))
    stated = GOOD + b"&ip=1.2.3.4"
    trusted = [ip_network("203.0.113.0/28"), ip_network("2001:db8::/32")]
    assert read_announce(stated, proxy)[0].peer[:4] == proxy
    assert read_announce(stated, proxy, trusted)[0].peer[:4] == bytes((1, 2, 3, 4))


@pytest.mark.parametrize("stated", [b"10.0.0.9", b"224.0.0.1", b"127.0.0.1", b"example.org", b""])
def test_believes_no_other_address_of_a_neighbour(stated: bytes) -> None:
    announce, _ = read_announce(GOOD + b"&ip=" + stated, bytes((10, 0, 0, 7)))
    assert announce.peer[:4] == bytes((10, 0, 0, 7))


@pytest.mark.parametrize(
    "extra", [b"&ip=1.2.3.4", b"&ip=203.0.113.9", b"&ipv4=203.0.113.9:1", b"&ipv6=::1"]
)
def test_believes_no_address_but_the_senders(extra: bytes) -> None:
    assert read_announce(GOOD + extra, ADDRESS)[0].peer == ADDRESS + b"\x1a\xe1"


def test_different_keys_are_told_apart() -> None:
    one, other = (read_announce(GOOD + b"&key=" + key, ADDRESS)[0].key for key in (b"a", b"b"))
    assert one != other


BAD = {
    "no info_hash": GOOD.replace(HASH + b"&", b""),
    "empty query": b"",
    "19 bytes": GOOD.replace(HASH, b"info_hash=" + b"a" * 19),
    "21 bytes": GOOD.replace(HASH, b"info_hash=" + b"a" * 21),
    "hexadecimal": GOOD.replace(HASH, b"info_hash=" + b"a" * 40),
    "twice": GOOD + b"&" + HASH,
    "thrice": GOOD + b"&" + HASH + b"&" + HASH,
    "bad percent": GOOD.replace(HASH, b"info_hash=%zz" + b"a" * 19),
    "percent at the end": GOOD.replace(HASH, b"info_hash=" + b"a" * 19 + b"%"),
    "half a percent": GOOD.replace(HASH, b"info_hash=" + b"a" * 19 + b"%4"),
    "signed percent": GOOD.replace(HASH, b"info_hash=" + b"a" * 19 + b"%+1"),
    "no peer_id": GOOD.replace(b"&peer_id=-PL0001-abcdefghijkl", b""),
    "short peer_id": GOOD.replace(b"ijkl", b""),
    "no port": GOOD.replace(b"&port=6881", b""),
    "port 65536": GOOD.replace(b"6881", b"65536"),
    "port 0": GOOD.replace(b"6881", b"0"),
    "port -1": GOOD.replace(b"6881", b"-1"),
    "port abc": GOOD.replace(b"6881", b"abc"),
    "port 1_0": GOOD.replace(b"6881", b"1_0"),
    "port in Arabic digits": GOOD.replace(b"6881", "٦".encode()),
    "left abc": GOOD.replace(b"left=0", b"left=abc"),
    "left of 5,000 digits": GOOD.replace(b"left=0", b"left=" + b"9" * 5000),
    "numwant abc": GOOD + b"&numwant=abc",
}


@pytest.mark.parametrize("query", BAD.values(), ids=BAD.keys())
def test_refuses_a_bad_announce_with_a_sentence(query: bytes) -> None:
    with pytest.raises(RequestError, match=r"^\w.*\.$"):
        read_announce(query, ADDRESS)


@given(st.binary(min_size=20, max_size=20), st.sampled_from(["", "/:&=%+ "]))
def test_any_info_hash_survives_percent_encoding(info_hash: bytes, safe: str) -> None:
    safe = "".join(set(safe) - set("&=% "))
    assert decoded(quote_from_bytes(info_hash, safe=safe).encode()) == info_hash
    assert decoded("".join(f"%{byte:02x}" for byte in info_hash).encode()) == info_hash


@given(st.binary() | st.builds(lambda end: GOOD + b"&" + end, st.binary()))
def test_any_bytes_are_an_announce_or_refused(query: bytes) -> None:
    try:
        announce, _ = read_announce(query, ADDRESS)
    except RequestError:
        return
    assert len(announce.info_hash) == 20
    assert len(announce.peer) == 6


def test_writes_a_compact_reply() -> None:
    assert write_announce_reply(REPLY, ADDRESS, is_compact=True) == (
        b"d8:completei2e11:external ip4:\xc0\x00\x02\x0110:incompletei1e8:intervali300e"
        b"12:min intervali60e5:peers6:\xc0\x00\x02\x01\x1a\xe1e"
    )


def test_writes_peers6_for_who_comes_by_ipv6() -> None:
    reply = REPLY._replace(peers=b"", peers6=bytes(15) + b"\x01\x1a\xe1")
    written = bencodepy.decode(write_announce_reply(reply, bytes(16), is_compact=True))
    assert (written[b"peers"], written[b"peers6"]) == (b"", reply.peers6)


def test_writes_a_list_of_dictionaries_when_asked_to() -> None:
    reply = REPLY._replace(peers6=bytes(15) + b"\x01\x1a\xe1")
    written = bencodepy.decode(write_announce_reply(reply, ADDRESS, is_compact=False))
    assert written[b"peers"] == [
        {b"ip": b"192.0.2.1", b"port": 6881},
        {b"ip": b"::1", b"port": 6881},
    ]


@pytest.mark.parametrize("is_compact", [True, False])
def test_a_reply_is_canonical_bencoding(is_compact: bool) -> None:
    written = write_announce_reply(REPLY, ADDRESS, is_compact=is_compact)
    assert bencodepy.encode(bencodepy.decode(written)) == written


def test_compact_0_asks_for_dictionaries() -> None:
    assert not read_announce(GOOD + b"&compact=0", ADDRESS)[1]
    assert read_announce(GOOD + b"&compact=1", ADDRESS)[1]


@given(st.text("%%%=\r\n+0aFg", max_size=40))
def test_percent_signs_are_decoded_or_refused(text: str) -> None:
    is_good = re.fullmatch(r"([^%]|%[0-9a-fA-F]{2})*", text)
    try:
        assert decoded(text.encode()) == unquote_to_bytes(text)
    except RequestError:
        assert not is_good
    else:
        assert is_good
