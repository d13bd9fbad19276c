"""PyInstaller's cookie in a program: eight magic bytes and what follows, where its archive ends.

A program finds its own archive by searching its file backwards for the cookie, and believes the
last one, unless its start code has a bound.
"""

import struct
from dataclasses import dataclass
from typing import IO

from installer.bundle import bound
from installer.bundle.bound import Bound
from installer.errors import TemplateError
from installer.formats import record

COOKIE_MAGIC = bytes.fromhex("4d45490c0b0a0b0e")

# Magic, length of the archive, offset and length of its table, Python's version and library.
_COOKIE = struct.Struct("!8sIIII64s")
_CHUNK = 1 << 20
_OVERLAP = max(len(COOKIE_MAGIC), len(record.MAGIC), bound.SIZE) - 1


@dataclass(frozen=True, slots=True)
class Cookie:
    """The last one in a program."""

    offset: int
    is_bounded: bool
    """Whether the program looks for no archive behind its own."""

    @property
    def archive_end(self) -> int:
        return self.offset + _COOKIE.size


@dataclass(frozen=True, slots=True)
class Archive:
    """Where an archive and its table stand in the program, in bytes."""

    start: int
    table_start: int
    table_length: int


def read_archive(program: IO[bytes], end: int) -> Archive:
    """The archive that ends there, which its bound has told."""
    program.seek(end - _COOKIE.size)
    _, length, table_offset, table_length, _, _ = _COOKIE.unpack(program.read(_COOKIE.size))
    start = end - length
    return Archive(start, start + table_offset, table_length)


@dataclass(frozen=True, slots=True)
class _Scan:
    last_cookie: int | None
    has_payload: bool
    bound: Bound | None


def find(program: IO[bytes]) -> Cookie:
    """Read the whole program once; refuse one that would not run with a payload behind it."""
    scan = _scan(program)
    if scan.last_cookie is None:
        raise TemplateError("It is not a program made by PyInstaller, or not whole.")
    if scan.has_payload:
        raise TemplateError("It already carries a payload.")
    program.seek(scan.last_cookie)
    data = program.read(_COOKIE.size)
    if len(data) < _COOKIE.size or not _is_sound(data, scan.last_cookie):
        raise TemplateError("It is damaged: its archive cannot be where it says.")
    cookie = Cookie(scan.last_cookie, scan.bound is not None and scan.bound.end > 0)
    # Freezing alone leaves the bound open, for a moment; a wrong one would be a dead program.
    if cookie.is_bounded and scan.bound and scan.bound.end != cookie.archive_end:
        raise TemplateError("It is damaged: its archive does not end where it says.")
    return cookie


def _scan(program: IO[bytes]) -> _Scan:
    last_cookie, has_payload, found_bound = None, False, None
    before, start = b"", 0
    program.seek(0)
    while chunk := program.read(_CHUNK):
        window = before + chunk
        found = window.rfind(COOKIE_MAGIC)
        if found >= 0:
            last_cookie = start - len(before) + found
        has_payload = has_payload or record.MAGIC in window
        found_bound = bound.find(window) or found_bound
        before = window[-_OVERLAP:]
        start += len(chunk)
    return _Scan(last_cookie, has_payload, found_bound)


def _is_sound(cookie: bytes, offset: int) -> bool:
    length: int
    _, length, table_offset, table_length, _, _ = _COOKIE.unpack(cookie)
    archive_start = offset + _COOKIE.size - length
    return archive_start >= 0 and table_offset + table_length <= length - _COOKIE.size
