"""Magnet links name a torrent; everything else in them is only a hint."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.errors import LinkError
from installer.formats import magnet
from installer.formats.magnet import Magnet

HASH = bytes(range(20))
HEX = HASH.hex()


def test_golden_text() -> None:
    link = Magnet(HASH, bytes(32), "Night & Zoë", ("http://alice.example/announce",), 5)
    assert magnet.write(link) == (
        f"magnet:?xt=urn:btih:{HEX}&xt=urn:btmh:1220{'0' * 64}&dn=Night%20%26%20Zo%C3%AB&xl=5"
        "&tr=http%3A%2F%2Falice.example%2Fannounce"
    )
    assert magnet.read(magnet.write(link)) == link


@given(
    st.binary(min_size=20, max_size=20),
    st.none() | st.binary(min_size=32, max_size=32),
    st.text(st.characters(categories=["L", "N"]), max_size=50),
    st.none() | st.integers(0, 10**18),
)
def test_returns_what_was_written(v1: bytes, v2: bytes | None, name: str, size: int | None) -> None:
    link = Magnet(v1, v2, name, ("udp://alice.example:6969",), size, ("https://bob.example/f",))
    assert magnet.read(magnet.write(link)) == link


def test_reads_base32_and_capital_letters() -> None:
    assert magnet.read("MAGNET:?xt=urn:btih:AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQT").info_hash == HASH


def test_reads_numbered_parameters() -> None:
    link = magnet.read(f"magnet:?xt.1=urn:btih:{HEX}&tr.1=http://a.example&tr.2=http://b.example")
    assert link.trackers == ("http://a.example", "http://b.example")


def test_leaves_out_what_is_no_address() -> None:
    link = magnet.read(f"magnet:?xt=urn:btih:{HEX}&tr=javascript:x&ws=file:///etc/passwd&xl=many")
    assert (link.trackers, link.web_seeds, link.size) == ((), (), None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "http://alice.example",
        "magnet:?dn=nothing",
        "magnet:?xt=urn:btih:1234",
        f"magnet:?xt=urn:sha1:{HEX}",
        f"magnet:?xt=urn:btih:{HEX}" + "&a=b" * 1000,
        f"magnet:?xt=urn:btih:{HEX}&dn=" + "x" * 20_000,
    ],
)
def test_refuses_what_names_no_torrent(text: str) -> None:
    with pytest.raises(LinkError, match=r"\.$"):
        magnet.read(text)
