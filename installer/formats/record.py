"""The record around a payload: plain text that says its length, its hash and who signed it.

The program that carries it was made by PyInstaller, which looks for its own archive by searching
the whole file backwards for eight magic bytes. A torrent with those bytes in its comment could
bring an archive, and thereby a program, of its own. The record is text without control
characters other than line feeds, so those bytes cannot occur in it. What the text means is left
to `payload`.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from hashlib import sha256

from installer.errors import PayloadError, Text
from installer.formats import remains
from installer.formats.signature import (
    PUBLIC_KEY_BYTES,
    SIGNATURE_BYTES,
    SiteKey,
    is_signed,
)

VERSION = 2
MAX_RECORD = 1_048_576
# The tilde does not occur in base64: no payload can look like the beginning of another.
MAGIC = b"~Passalong~payload~"
DAMAGED = Text("This download is damaged. Please download it again from the site.")

_BEGINNING = re.compile(rb"~Passalong~payload~ ([0-9]{3}) ")
_HEADER = re.compile(
    rb"(~Passalong~payload~ [0-9]{3} ([0-9]{7}) ([0-9a-f]{64}) ([0-9a-f]{%d})) ([0-9a-f]{%d})\n"
    % (2 * PUBLIC_KEY_BYTES, 2 * SIGNATURE_BYTES)
)
HEADER_LENGTH = len(MAGIC) + 4 + 8 + 65 + 1 + 2 * PUBLIC_KEY_BYTES + 1 + 2 * SIGNATURE_BYTES + 1


@dataclass(frozen=True, slots=True)
class Sealed:
    """What was in a record that is whole, and the key of the site that signed it."""

    content: bytes
    public_key: bytes


def seal(content: bytes, key: SiteKey) -> bytes:
    text = b64encode(content)
    digest = sha256(text).hexdigest()
    signed = MAGIC + f" {VERSION:03} {len(text):07} {digest} {key.public.hex()}".encode()
    signature = key.sign(signed).hex().encode()
    record = signed + b" " + signature + b"\n" + text + b"\n"
    if len(record) > MAX_RECORD:
        raise PayloadError(
            Text("A program cannot carry more than {limit:,} bytes.", limit=MAX_RECORD)
        )
    return record


def unseal(record: bytes) -> Sealed:
    """Check length, hash and signature of one whole record, without anything around it."""
    header = _header(record, 0)
    text = record[HEADER_LENGTH:-1]
    is_whole = len(text) == int(header[2]) and record.endswith(b"\n")
    if not is_whole or len(record) > MAX_RECORD:
        raise PayloadError(DAMAGED)
    if sha256(text).hexdigest().encode() != header[3]:
        raise PayloadError(DAMAGED)
    public_key, signature = (bytes.fromhex(header[group].decode()) for group in (4, 5))
    if not is_signed(header[1], signature, public_key):
        raise PayloadError(DAMAGED, field="signature")
    return Sealed(_decoded(text), public_key)


def find(tail: bytes) -> bytes | None:
    """The last record in the tail of a file; what others have put behind it is left aside."""
    start = tail.rfind(MAGIC)
    if start < 0:
        if remains.are_in(tail, MAGIC):
            raise PayloadError(DAMAGED)
        return None
    header = _header(tail, start)
    return tail[start : start + HEADER_LENGTH + int(header[2]) + 1]


def _header(data: bytes, start: int) -> re.Match[bytes]:
    beginning = _BEGINNING.match(data, start)
    if beginning is not None and int(beginning[1]) != VERSION:
        text = Text(
            "This download needs another version of Passalong. Please get it from the site again."
        )
        raise PayloadError(text, field="version")
    header = _HEADER.match(data, start)
    if header is None:
        raise PayloadError(DAMAGED)
    return header


def _decoded(text: bytes) -> bytes:
    try:
        content = b64decode(text, validate=True)
    except Base64Error as error:
        raise PayloadError(DAMAGED) from error
    if b64encode(content) != text:
        raise PayloadError(DAMAGED)
    return content
