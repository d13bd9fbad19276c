"""What a bundle carries: a download or an upload ticket, as a record of plain text.

The program that carries it was made by PyInstaller, which looks for its own archive by searching
the whole file backwards for eight magic bytes. A torrent with those bytes in its comment could
bring an archive, and thereby a program, of its own. The record is text without control
characters other than line feeds, so those bytes cannot occur in it. It holds no command, no path
and no code; a field that is not known is refused.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeAlias

from installer.errors import BencodeError, PayloadError, TicketError
from installer.formats import addresses, remains, ticket
from installer.formats.bencoding import Value, encode, read_dictionary
from installer.formats.fields import Fields

INLINE_TORRENT_LIMIT = 65_536
MAX_RECORD = 1_048_576

VERSION = 1
# The tilde does not occur in base64: no payload can look like the beginning of another.
MAGIC = b"~Passalong~payload~"

_HEADER = re.compile(rb"~Passalong~payload~ ([0-9]{3}) ([0-9]{7}) ([0-9a-f]{64})\n")
_HEADER_LENGTH = len(MAGIC) + 1 + 3 + 1 + 7 + 1 + 64 + 1
_LONGEST_NAME = 200
_DAMAGED = "This download is damaged. Please download it again from the site."


@dataclass(frozen=True, slots=True)
class Download:
    """Get the files of this torrent, which nobody has checked yet."""

    site_name: str
    site_url: str
    torrent: bytes


@dataclass(frozen=True, slots=True)
class DownloadByHash:
    """Get the torrent from the site first, and believe it only if the info-hash is right."""

    site_name: str
    site_url: str
    info_hash: bytes
    torrent_url: str
    size: int


@dataclass(frozen=True, slots=True)
class Publish:
    """Publish something with this ticket."""

    ticket: ticket.Ticket


Payload: TypeAlias = Download | DownloadByHash | Publish


def write(payload: Payload) -> bytes:
    fields = _fields_of(payload)
    # What no program could read must not be given to anybody.
    _read_fields(Fields(fields, PayloadError, "This download"))
    text = b64encode(encode(fields))
    digest = sha256(text).hexdigest()
    record = MAGIC + f" {VERSION:03} {len(text):07} {digest}\n".encode() + text + b"\n"
    if len(record) > MAX_RECORD:
        raise PayloadError(f"A program cannot carry more than {MAX_RECORD:,} bytes.")
    return record


def read(record: bytes) -> Payload:
    """Read one whole record, without anything before or after it."""
    header = _HEADER.match(record)
    if header is None or len(record) > MAX_RECORD:
        raise PayloadError(_DAMAGED)
    _check_version(header)
    text = record[_HEADER_LENGTH:-1]
    is_whole = len(text) == int(header[2]) and record.endswith(b"\n")
    if not is_whole or sha256(text).hexdigest().encode() != header[3]:
        raise PayloadError(_DAMAGED)
    return _read_fields(Fields(_decoded(text), PayloadError, "This download"))


def find(tail: bytes) -> bytes | None:
    """The last record in the tail of a file; what others have put behind it is left aside."""
    start = tail.rfind(MAGIC)
    if start < 0:
        if remains.are_in(tail, MAGIC):
            raise PayloadError(_DAMAGED)
        return None
    header = _HEADER.match(tail, start)
    if header is None:
        raise PayloadError(_DAMAGED)
    _check_version(header)
    return tail[start : start + _HEADER_LENGTH + int(header[2]) + 1]


def _check_version(header: re.Match[bytes]) -> None:
    if int(header[1]) != VERSION:
        text = (
            "This download needs a newer version of Passalong. Please get it from the site again."
        )
        raise PayloadError(text, field="version")


def _decoded(text: bytes) -> dict[bytes, Value]:
    try:
        data = b64decode(text, validate=True)
        if b64encode(data) != text:
            raise PayloadError(_DAMAGED)
        return read_dictionary(data)[0]
    except (Base64Error, BencodeError) as error:
        raise PayloadError(_DAMAGED) from error


def _fields_of(payload: Payload) -> dict[bytes, Value]:
    match payload:
        case Publish():
            return {b"job": b"publish", b"ticket": ticket.write(payload.ticket)}
        case Download():
            what: dict[bytes, Value] = {b"job": b"download", b"torrent": payload.torrent}
        case DownloadByHash():
            what = {
                b"info hash": payload.info_hash,
                b"job": b"download by hash",
                b"size": payload.size,
                b"torrent url": payload.torrent_url.encode(),
            }
    site: dict[bytes, Value] = {
        b"site name": payload.site_name.encode(),
        b"site url": payload.site_url.encode(),
    }
    return what | site


def _read_fields(fields: Fields) -> Payload:
    match fields.string("job"):
        case b"publish":
            fields.only("job", "ticket")
            return Publish(_ticket(fields))
        case b"download":
            fields.only("job", "site name", "site url", "torrent")
            return Download(*_site(fields), fields.string("torrent"))
        case b"download by hash":
            fields.only("info hash", "job", "site name", "site url", "size", "torrent url")
            return _by_hash(fields)
    raise fields.refusal("job", "is not known here; it may need a newer program")


def _ticket(fields: Fields) -> ticket.Ticket:
    try:
        return ticket.read(fields.string("ticket"))
    except TicketError as error:
        raise PayloadError(str(error), field=error.field) from error


def _by_hash(fields: Fields) -> DownloadByHash:
    site_name, site_url = _site(fields)
    torrent_url = _address(fields, "torrent url")
    if addresses.origin(torrent_url) != addresses.origin(site_url):
        raise fields.refusal("torrent url", "is not an address of the site")
    info_hash = fields.string("info hash", size=20)
    return DownloadByHash(site_name, site_url, info_hash, torrent_url, fields.integer("size"))


def _site(fields: Fields) -> tuple[str, str]:
    return fields.text("site name", longest=_LONGEST_NAME), _address(fields, "site url")


def _address(fields: Fields, key: str) -> str:
    address = fields.text(key, longest=addresses.LONGEST)
    if not addresses.is_address(address):
        raise fields.refusal(key, "is not a web address")
    return address
