"""A signed Windows program: its certificate table, taken apart once and put together per payload.

Authenticode's hash covers all of the file but the checksum, the entry of the table, and the table.
One certificate more in the table therefore keeps the signature valid. Whether the signer is to be
trusted is left to Windows.
"""

import hashlib
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from installer.bundle import certificate, der, portable
from installer.bundle.der import Element, encode
from installer.bundle.portable import Header
from installer.bundle.signer import signer_name
from installer.errors import TemplateError

_ENTRY = struct.Struct("<IHH")  # dwLength, wRevision, wCertificateType
_REVISION, _PKCS7 = 0x0200, 0x0002
_LARGEST_TABLE = 16 << 20
_CHUNK = 1 << 20
_DIGESTS = {20: "sha1", 32: "sha256", 48: "sha384", 64: "sha512"}


@dataclass(frozen=True, slots=True)
class Signed:
    """What is the same for all payloads of one signed template."""

    header: Header
    signer: str
    start: bytes = field(repr=False)
    prefix_sum: int = field(repr=False)
    before: bytes = field(repr=False)
    certificates: bytes = field(repr=False)
    after: bytes = field(repr=False)

    @property
    def border(self) -> int:
        """Where the table begins."""
        return self.header.table_offset


@dataclass(frozen=True, slots=True)
class _SignedData:
    """PKCS #7: what stands before the certificates, they, and what stands behind them."""

    before: list[Element]
    certificates: Element
    after: list[Element]


def inspect(program: BinaryIO) -> Signed | None:
    """Take a signed program apart, and check its own hash; None when it is not signed."""
    start = _read(program, 0, portable.HEADER_BYTES)
    header = portable.read_header(start)
    if header is None or not header.is_signed:
        return None
    parts = _take_apart(_signature(program, header))
    _check_hash(program, header, parts.before[-1])
    return Signed(
        header=header,
        signer=_name(parts),
        start=start[: header.stop],
        prefix_sum=portable.word_sum(_summed(program, header)),
        before=_joined(parts.before),
        certificates=parts.certificates.content,
        after=_joined(parts.after),
    )


def put_together(signed: Signed, record: bytes) -> tuple[bytes, bytes]:
    """The first bytes of the file and its certificate table, for this payload."""
    table = _table(signed, record)
    size = len(table)
    total = signed.prefix_sum + (size & 0xFFFF) + (size >> 16)
    checksum = portable.checksum(
        portable.word_sum([table], total), signed.header.table_offset + size
    )
    return portable.patch(signed.header, signed.start, checksum, size), table


def find_record(program: BinaryIO) -> bytes | None:
    """The payload in the certificate table of a program, if there is one."""
    header = portable.read_header(_read(program, 0, portable.HEADER_BYTES))
    if header is None or not header.is_signed:
        return None
    found = _take_apart(_signature(program, header)).certificates.children()
    records = [certificate.unwrap(one) for one in found]
    return next((record for record in reversed(records) if record is not None), None)


def _table(signed: Signed, record: bytes) -> bytes:
    certificates = encode(der.EXPLICIT, signed.certificates, certificate.wrap(record))
    data = encode(der.SEQUENCE, signed.before, certificates, signed.after)
    signature = encode(der.SEQUENCE, _SIGNED_DATA, encode(der.EXPLICIT, data))
    padding = bytes(-len(signature) % 8)
    size = _ENTRY.size + len(signature) + len(padding)
    return _ENTRY.pack(size, _REVISION, _PKCS7) + signature + padding


_SIGNED_DATA = encode(der.OID, bytes.fromhex("2a864886f70d010702"))


def _signature(program: BinaryIO, header: Header) -> bytes:
    """The one signature in the table, which ends the file, without its padding."""
    size = program.seek(0, os.SEEK_END)
    if header.table_offset % 8 or header.table_offset + header.table_size != size:
        raise TemplateError("The signature of this program is not at its end.")
    if not _ENTRY.size < header.table_size <= _LARGEST_TABLE:
        raise TemplateError("The signature of this program has no reasonable size.")
    table = _read(program, header.table_offset, header.table_size)
    length, revision, kind = _ENTRY.unpack_from(table)
    if (length + 7) // 8 * 8 != len(table) or (revision, kind) != (_REVISION, _PKCS7):
        raise TemplateError("This program has more than one signature, or an unknown one.")
    signature = der.element(table, _ENTRY.size)
    padding = table[signature.stop :]
    if len(padding) >= 8 or any(padding):
        raise TemplateError("Something is hidden behind the signature of this program.")
    return signature.whole


def _take_apart(signature: bytes) -> _SignedData:
    try:
        kind, wrapped = der.element(signature).children()
        (data,) = wrapped.children()
        fields = data.children()
        at = next(i for i, part in enumerate(fields) if part.tag == der.EXPLICIT)
    except (StopIteration, ValueError) as error:
        raise TemplateError("The signature of this program has an unknown shape.") from error
    if kind.whole != _SIGNED_DATA or at != 3 or len(fields) not in (5, 6):
        raise TemplateError("The signature of this program has an unknown shape.")
    return _SignedData(fields[:at], fields[at], fields[at + 1 :])


def _name(parts: _SignedData) -> str:
    try:
        return signer_name(parts.certificates, parts.after[-1])
    except (IndexError, ValueError) as error:
        raise TemplateError("The certificates of this program are damaged.") from error


def _check_hash(program: BinaryIO, header: Header, content: Element) -> None:
    """A program that was changed after signing is noticed here and not by the first visitor."""
    try:
        digest = content.children()[1].children()[0].children()[1].children()[1].content
        found = hashlib.new(_DIGESTS[len(digest)])
    except (IndexError, KeyError) as error:
        raise TemplateError("The signature of this program has an unknown shape.") from error
    places = [
        (0, header.checksum_at),
        (header.checksum_at + 4, header.entry_at),
        (header.entry_at + 8, header.table_offset),
    ]
    for start, stop in places:
        for chunk in _chunks(program, start, stop):
            found.update(chunk)
    if found.digest() != digest:
        raise TemplateError("This program was changed after it was signed.")


def _summed(program: BinaryIO, header: Header) -> Iterator[bytes]:
    """All that stands before the table, with zeros for the two numbers that change."""
    yield portable.patch(header, _read(program, 0, header.stop), 0, 0)
    yield from _chunks(program, header.stop, header.table_offset)


def _chunks(program: BinaryIO, start: int, stop: int) -> Iterator[bytes]:
    program.seek(start)
    while start < stop:
        chunk = program.read(min(_CHUNK, stop - start))
        if not chunk:
            raise TemplateError("This program is not whole.")
        start += len(chunk)
        yield chunk


def _read(program: BinaryIO, start: int, length: int) -> bytes:
    program.seek(start)
    return program.read(length)


def _joined(parts: list[Element]) -> bytes:
    return b"".join(part.whole for part in parts)
