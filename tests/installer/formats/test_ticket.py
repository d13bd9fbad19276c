"""A ticket says where one publisher may publish once; anything that differs is refused."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.errors import TicketError
from installer.formats import metainfo, ticket
from installer.formats.bencoding import Value, decode, encode
from installer.formats.metainfo import File
from tests.installer import torrents
from tests.installer.examples import TICKET

GOLDEN = (
    b"d8:announcel30:https://alice.example/announce33:udp://alice.example:6969/announcee"
    b"10:expires ati1800000000e6:format16:passalong ticket9:site name13:Alice's films"
    b"8:site url21:https://alice.example10:size limiti1000000000000e5:token32:"
    + bytes(range(32))
    + b"10:upload url37:https://alice.example/api/v1/torrents9:user name5:alice7:versioni1ee"
)


def with_field(key: bytes, value: Value | None) -> bytes:
    fields = decode(GOLDEN)
    assert isinstance(fields, dict)
    fields.pop(key, None)
    return encode(fields if value is None else fields | {key: value})


def test_golden_bytes() -> None:
    assert ticket.write(TICKET) == GOLDEN
    assert ticket.read(GOLDEN) == TICKET


def test_is_small() -> None:
    assert len(GOLDEN) < 1024


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (b"format", b"something"),
        (b"version", 2),
        (b"token", b"short"),
        (b"token", None),
        (b"site name", b"two\nlines"),
        (b"site name", b"\xff"),
        (b"user name", "gpj.\u202eexe".encode()),
        (b"site url", b"javascript:alert(1)"),
        (b"site url", b"https://alice@bob.example"),
        (b"upload url", b"https://bob.example/api/v1/torrents"),
        (b"upload url", b"http://alice.example/api/v1/torrents"),
        (b"upload url", b"https://alice.example:8443/api/v1/torrents"),
        (b"upload url", b"https://alice.example@bob.example/"),
        (b"upload url", b"file:///etc/passwd"),
        (b"announce", []),
        (b"announce", [7]),
        (b"announce", [b"ftp://alice.example"]),
        (b"announce", [b"https://alice.example/announce"] * 9),
        (b"expires at", -1),
        (b"size limit", b"much"),
        (b"command", b"rm"),
        (b"path", b"/tmp"),
    ],
    ids=str,
)
def test_refuses_another_field(key: bytes, value: Value | None) -> None:
    with pytest.raises(TicketError):
        ticket.read(with_field(key, value))


@pytest.mark.parametrize("data", [b"", b"<html>", GOLDEN[:-1], GOLDEN + b"\n", b"d" * 5_000])
def test_refuses_damage_with_a_sentence(data: bytes) -> None:
    with pytest.raises(TicketError, match=r"^This is not an upload ticket.*\.$"):
        ticket.read(data)


@pytest.mark.parametrize("data", [GOLDEN, with_field(b"version", 2), with_field(b"token", None)])
def test_knows_a_ticket_though_it_may_be_of_no_use(data: bytes) -> None:
    assert ticket.is_ticket(data)


def test_takes_no_torrent_for_a_ticket() -> None:
    files = (File(("passalong ticket",), 5),)
    torrent = metainfo.write(
        torrents.info_v1("passalong ticket", files, is_folder=False), comment="passalong ticket"
    )
    assert b"16:passalong ticket" in torrent
    assert not ticket.is_ticket(torrent)


@pytest.mark.parametrize(
    "data",
    [b"", b"<html>", b"le", GOLDEN[:-1], b"d" * 5_000, with_field(b"site name", b"a" * 4_096)],
)
def test_takes_nothing_else_for_a_ticket(data: bytes) -> None:
    assert not ticket.is_ticket(data)


def test_does_not_write_what_could_not_be_read() -> None:
    with pytest.raises(TicketError):
        ticket.write(replace(TICKET, upload_url="https://bob.example/"))


def test_does_not_show_its_token() -> None:
    assert repr(TICKET.token) not in repr(TICKET)


@given(st.binary(min_size=32, max_size=32))
def test_a_token_has_one_spelling(token: bytes) -> None:
    text = replace(TICKET, token=token).token_text
    assert len(text) == 43
    assert ticket.read_token(text) == token


@pytest.mark.parametrize("text", ["", "A" * 42, "A" * 44, "A" * 42 + "B", "A" * 42 + "=", "é" * 43])
def test_refuses_another_spelling_of_a_token(text: str) -> None:
    with pytest.raises(TicketError):
        ticket.read_token(text)
