"""FORMAT.md tells the truth: each of its examples is parsed out of the page and read."""

import re
from hashlib import sha1, sha256
from pathlib import Path

import pytest

from installer.bundle import app, bound, certificate, der
from installer.bundle.app import Packed
from installer.bundle.cookie import Cookie
from installer.bundle.joining import Bundle
from installer.bundle.template import Template
from installer.formats import bencoding, link, magnet, metainfo, payload, ticket
from installer.formats.record import MAGIC, MAX_RECORD
from installer.formats.signature import fingerprint
from tests.installer.examples import DOWNLOAD, KEY, TICKET

PAGE = (Path(__file__).parents[2] / "installer" / "FORMAT.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```example ([\w-]+)( hex)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples() -> dict[str, bytes]:
    return {
        name: bytes.fromhex(text) if is_hex else text.removesuffix("\n").encode()
        for name, is_hex, text in FENCE.findall(PAGE)
    }


EXAMPLES = examples()


def test_bencoding() -> None:
    assert bencoding.decode(EXAMPLES["bencoding"]) == {b"list": [7, b"he"]}


@pytest.mark.parametrize(("name", "count"), [("torrent", 1), ("hybrid", 2)])
def test_torrents(name: str, count: int) -> None:
    torrent = metainfo.read(EXAMPLES[name])
    assert len(torrent.files) == count
    assert f"`{torrent.info_hash.hex()}`" in PAGE
    assert torrent.info_hash_v2 is None or f"`{torrent.info_hash_v2.hex()}`" in PAGE
    assert torrent.info_hash == sha1(torrent.info).digest()


def test_magnet() -> None:
    text = EXAMPLES["magnet"].decode()
    assert magnet.read(text).info_hash == metainfo.read(EXAMPLES["torrent"]).info_hash
    assert magnet.write(magnet.read(text)) == text


def test_ticket() -> None:
    assert ticket.read(EXAMPLES["ticket"]) == TICKET
    assert ticket.write(TICKET) == EXAMPLES["ticket"]
    assert f"`{TICKET.token_text}`" in PAGE


def test_payload() -> None:
    record = EXAMPLES["payload"] + b"\n"
    assert payload.read(record).content == DOWNLOAD
    assert f"`{fingerprint(KEY.public)}`" in PAGE
    assert payload.write(DOWNLOAD, KEY) == record
    assert bencoding.decode(EXAMPLES["payload-body"])


def test_the_bytes_of_a_payload_stand_where_the_table_says() -> None:
    record = EXAMPLES["payload"] + b"\n"
    body = record[291:-1]
    assert record[:19] == MAGIC
    assert record[19:23] == b" 002"
    assert record[23:31] == b" %07d" % len(body)
    assert record[31:96] == b" " + sha256(body).hexdigest().encode()
    assert record[96:161] == b" " + KEY.public.hex().encode()
    assert record[161:291] == b" " + KEY.sign(record[:161]).hex().encode() + b"\n"


def test_the_certificate() -> None:
    record = EXAMPLES["payload"] + b"\n"
    found = der.element(EXAMPLES["certificate"])
    assert found.whole == EXAMPLES["certificate"] == certificate.wrap(record)
    assert certificate.unwrap(found) == record
    assert certificate.PAYLOAD_OID in PAGE


def test_the_bound() -> None:
    assert f"the {len(bound.MARK)} bytes `{bound.MARK.decode()}`" in PAGE


def test_the_file_in_a_zip() -> None:
    record = EXAMPLES["payload"] + b"\n"
    tail = app.put_together(Packed("Passalong.app/", 2, 16_000_000, b"directory"), record)
    file, rest = tail.split(record)
    assert file == EXAMPLES["zip-file"]
    assert rest == b"directory" + EXAMPLES["zip-end"]


def test_the_tag_of_a_bundle() -> None:
    digest, cookie = sha256(b"abc").hexdigest(), Cookie(0, is_bounded=False)
    template = Template(Path("x"), "linux", "0.1.0", 3, 0, digest, cookie)
    bundle = Bundle(template, EXAMPLES["payload"] + b"\n")
    assert bundle.etag == EXAMPLES["etag"].decode()


def test_link() -> None:
    text = EXAMPLES["link"].decode()
    assert link.write(link.read(text).url) == text


def test_names_every_limit() -> None:
    limits = metainfo.Limits()
    for limit in (
        bencoding.MAX_TOKENS,
        limits.torrent_bytes,
        limits.files,
        limits.path_bytes,
        ticket.MAX_BYTES,
        MAX_RECORD,
        payload.INLINE_TORRENT_LIMIT,
    ):
        assert f"{limit:,}" in PAGE
