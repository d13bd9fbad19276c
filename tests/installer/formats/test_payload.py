"""A payload is a whole record of plain text, or a sentence; it is never a part of a program."""

from base64 import b64encode
from hashlib import sha256

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from installer.errors import PayloadError
from installer.formats import payload, record
from installer.formats.bencoding import Value, encode
from installer.formats.payload import Download
from installer.formats.signature import SiteKey
from tests.installer.examples import BY_HASH, DOWNLOAD, KEY, OTHER_KEY, PUBLISH, SITE_NAME, SITE_URL

RECORD = payload.write(DOWNLOAD, KEY)
COOKIE_MAGIC = b"MEI\014\013\012\013\016"


def record_of(text: bytes, version: int = 2, key: SiteKey = KEY) -> bytes:
    head = f"~Passalong~payload~ {version:03} {len(text):07} {sha256(text).hexdigest()} "
    head += key.public.hex()
    return f"{head} {key.sign(head.encode()).hex()}\n".encode() + text + b"\n"


@pytest.mark.parametrize("content", [DOWNLOAD, BY_HASH, PUBLISH], ids=lambda c: type(c).__name__)
def test_returns_what_was_written(content: payload.Payload) -> None:
    read = payload.read(payload.write(content, KEY))
    assert (read.content, read.public_key) == (content, KEY.public)
    assert (read.site_name, read.site_url) == (SITE_NAME, SITE_URL)


def test_golden_bytes() -> None:
    fields = (
        b"d3:job8:download9:site name13:Alice's films8:site url21:https://alice.example"
        b"7:torrent21:d4:infod6:lengthi1eeee"
    )
    assert record_of(b64encode(fields)) == RECORD


@given(st.binary(max_size=300), st.binary(max_size=50), st.binary(max_size=50))
def test_no_torrent_brings_the_magic_bytes_along(torrent: bytes, a: bytes, b: bytes) -> None:
    hostile = torrent + COOKIE_MAGIC + a + record.MAGIC + b
    written = payload.write(Download(SITE_NAME, SITE_URL, hostile), KEY)
    assert written.isascii()
    assert written.replace(b"\n", b"").decode().isprintable()
    assert record.find(b"program" + written) == written


@given(st.data())
def test_refuses_every_flipped_bit(data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(RECORD) - 1))
    bit = data.draw(st.integers(0, 7))
    damaged = bytearray(RECORD)
    damaged[position] ^= 1 << bit
    with pytest.raises(PayloadError):
        payload.read(bytes(damaged))


def test_refuses_a_signature_of_another_key() -> None:
    own, foreign = payload.write(DOWNLOAD, KEY), payload.write(DOWNLOAD, OTHER_KEY)
    at = own.index(b"\n") - 128
    forged = own[:at] + foreign[at : at + 128] + own[at + 128 :]
    with pytest.raises(PayloadError, match="damaged") as refused:
        payload.read(forged)
    assert refused.value.field == "signature"


def test_looks_into_nothing_that_is_not_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payload, "read_dictionary", lambda data: pytest.fail("it was read"))
    monkeypatch.setattr(record, "b64decode", lambda *data, **how: pytest.fail("it was decoded"))
    forged = record_of(b64encode(b"de"), key=OTHER_KEY)
    forged = forged.replace(OTHER_KEY.public.hex().encode(), KEY.public.hex().encode())
    with pytest.raises(PayloadError, match="damaged"):
        payload.read(forged)


@given(st.integers(0, len(RECORD) - 1))
def test_refuses_what_was_cut_off(length: int) -> None:
    with pytest.raises(PayloadError, match=r"damaged\. Please download it again from the site"):
        payload.read(RECORD[:length])


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_is_found_between_other_bytes(before: bytes, after: bytes) -> None:
    assume(record.MAGIC not in after)
    assert record.find(before + RECORD + after) == RECORD


def test_the_last_record_counts() -> None:
    last = payload.write(BY_HASH, KEY)
    assert record.find(RECORD + last) == last


def test_a_plain_program_carries_nothing() -> None:
    assert record.find(b"\x7fELF" + bytes(1000)) is None


def test_refuses_a_damaged_header_in_a_file() -> None:
    with pytest.raises(PayloadError, match="damaged"):
        record.find(record.MAGIC + b" 002 what")


@pytest.mark.parametrize("bit", range(8))
@pytest.mark.parametrize("position", range(len(record.MAGIC)))
def test_a_flipped_bit_in_the_magic_is_damage(position: int, bit: int) -> None:
    damaged = bytearray(RECORD)
    damaged[position] ^= 1 << bit
    with pytest.raises(PayloadError, match="damaged"):
        record.find(bytes(100) + bytes(damaged))


@pytest.mark.parametrize("length", range(1, len(record.MAGIC) + 80))
def test_a_record_cut_within_its_header_is_damage(length: int) -> None:
    with pytest.raises(PayloadError, match="damaged"):
        payload.read(record.find(bytes(100) + RECORD[:length]) or b"")


@pytest.mark.parametrize("version", [1, 3])
def test_asks_for_another_program_when_the_format_is_another(version: int) -> None:
    other = record_of(b64encode(b"de"), version=version)
    with pytest.raises(PayloadError, match="another version"):
        payload.read(other)
    with pytest.raises(PayloadError, match="another version"):
        record.find(other)


SITE: dict[bytes, Value] = {b"site name": b"Alice", b"site url": b"https://alice.example"}
BY_HASH_FIELDS: dict[bytes, Value] = {
    b"info hash": bytes(20),
    b"job": b"download by hash",
    b"size": 5,
    b"torrent url": b"https://alice.example/x.torrent",
} | SITE


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {b"job": b"run"} | SITE,
        {b"job": b"download", b"torrent": b"", b"command": b"rm"} | SITE,
        {b"job": b"download", b"torrent": b"", b"save to": b"/etc"} | SITE,
        {b"job": b"download", b"torrent": 5} | SITE,
        {b"job": b"download", b"torrent": b""},
        {b"job": b"download", b"torrent": b""} | SITE | {b"site url": b"javascript:x"},
        {b"job": b"download", b"torrent": b""} | SITE | {b"site name": b"\x1b[2J"},
        {b"job": b"publish", b"ticket": b"de"},
        BY_HASH_FIELDS | {b"info hash": b"short"},
        BY_HASH_FIELDS | {b"torrent url": b"https://bob.example/x.torrent"},
        BY_HASH_FIELDS | {b"torrent url": b"file:///etc/passwd"},
        BY_HASH_FIELDS | {b"size": -1},
    ],
    ids=str,
)
def test_refuses_fields_that_are_not_known_or_wrong(fields: dict[bytes, Value]) -> None:
    with pytest.raises(PayloadError, match=r"\.$"):
        payload.read(record_of(b64encode(encode(fields))))


@pytest.mark.parametrize("text", [b"ZGU", b"ZG U=", b"ZGV=", b"!!!!", b"", b64encode(b"le")])
def test_refuses_a_body_that_is_not_one_dictionary(text: bytes) -> None:
    with pytest.raises(PayloadError, match="damaged"):
        payload.read(record_of(text))


def test_refuses_to_carry_too_much() -> None:
    with pytest.raises(PayloadError, match="cannot carry more"):
        payload.write(Download(SITE_NAME, SITE_URL, bytes(record.MAX_RECORD)), KEY)
