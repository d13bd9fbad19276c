"""The header of a Windows program (PE), as far as signing touches it: checksum and table entry."""

import struct
from collections.abc import Iterable
from dataclasses import dataclass

from installer.errors import TemplateError

HEADER_BYTES = 4096
_IS_LIBRARY = 0x2000
_CERTIFICATE_TABLE = 4  # among the data directories


@dataclass(frozen=True, slots=True)
class Header:
    """Where the two numbers stand that change with the table, and where the table is."""

    checksum_at: int
    entry_at: int
    table_offset: int
    table_size: int

    @property
    def stop(self) -> int:
        """The end of what changes in the header."""
        return self.entry_at + 8

    @property
    def is_signed(self) -> bool:
        return self.table_size > 0


def read_header(start: bytes) -> Header | None:
    """The header in the first bytes of a file, or None when this is no Windows program."""
    if start[:2] != b"MZ" or len(start) < 64:
        return None
    at = int.from_bytes(start[60:64], "little")
    if start[at : at + 4] != b"PE\0\0":
        return None
    try:
        return _header(start, at)
    except struct.error as error:
        raise TemplateError("This Windows program is not whole.") from error


def _header(start: bytes, at: int) -> Header:
    (characteristics, magic) = struct.unpack_from("<HH", start, at + 22)
    if magic not in (0x10B, 0x20B) or characteristics & _IS_LIBRARY or at % 4:
        raise TemplateError("This is a Windows file, but not a program.")
    count_at = at + 24 + (108 if magic == 0x20B else 92)
    (count,) = struct.unpack_from("<I", start, count_at)
    if count <= _CERTIFICATE_TABLE:
        raise TemplateError("This Windows program has no room for a signature.")
    entry_at = count_at + 4 + 8 * _CERTIFICATE_TABLE
    offset, size = struct.unpack_from("<II", start, entry_at)
    return Header(at + 24 + 64, entry_at, offset, size)


def patch(header: Header, start: bytes, checksum: int, table_size: int) -> bytes:
    """The first bytes of the file with these two numbers in them."""
    patched = bytearray(start[: header.stop])
    struct.pack_into("<I", patched, header.checksum_at, checksum)
    struct.pack_into("<I", patched, header.entry_at + 4, table_size)
    return bytes(patched)


def word_sum(chunks: Iterable[bytes], total: int = 0) -> int:
    """The sum of 16-bit words with the carry added again; all chunks but the last of even length.

    That is the remainder of one long number modulo 65,535, which Python finds at once.
    """
    for chunk in chunks:
        remainder = int.from_bytes(chunk, "little") % 0xFFFF
        is_zero = not total and not remainder and not any(chunk)
        total = 0 if is_zero else (total + remainder) % 0xFFFF or 0xFFFF
    return total


def checksum(total: int, size: int) -> int:
    """CheckSum of the optional header: the sum over a file without this very number, its size."""
    return (total + size) & 0xFFFFFFFF
