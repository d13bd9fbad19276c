"""The rest of a frozen program: what it unpacks by itself, once it turns out to be needed.

PyInstaller's start code unpacks every file of the archive before any of our code runs. A program
that only hands over what it carries needs a third of them; the others stand in one entry of a kind
that the start code leaves alone, and which the program finds by the bound in itself.
"""

import os
import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from lzma import LZMAError
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile

from installer.bundle import bound, cookie
from installer.errors import PayloadError
from installer.formats.record import DAMAGED

NAME = "rest.zip"

# Start code is much smaller; the bound stands somewhere in it.
_START_CODE = 4 << 20

# Length of this entry, offset, packed and unpacked length, whether it is packed, kind; then a name.
_ENTRY = struct.Struct("!IIIIBc")


def unpack(program: Path, folder: Path) -> None:
    """Put the rest into the folder; what is there already, and may be in use, stays as it is.

    A program without a rest, such as the one of an app for macOS, needs nothing. Raises OSError
    when there is no room, and PayloadError when the program is damaged.
    """
    content = _read(program)
    if content is None:
        return
    try:
        _extract(content, folder)
    except (BadZipFile, LZMAError, EOFError) as error:
        raise PayloadError(DAMAGED) from error


def _extract(content: bytes, folder: Path) -> None:
    with ZipFile(BytesIO(content)) as rest, ThreadPoolExecutor(os.cpu_count()) as threads:
        missing = [name for name in rest.namelist() if not (folder / name).exists()]
        for parent in {(folder / name).parent for name in missing}:
            parent.mkdir(parents=True, exist_ok=True)
        # The largest first, so that no thread ends long after the others.
        missing.sort(key=lambda name: rest.getinfo(name).file_size, reverse=True)
        for _ in threads.map(lambda name: (folder / name).write_bytes(rest.read(name)), missing):
            pass


def _read(program: Path) -> bytes | None:
    with program.open("rb") as file:
        found = bound.find(file.read(_START_CODE))
        if found is None or found.end == 0:
            return None
        archive = cookie.read_archive(file, found.end)
        for name, start, length in _entries(file, archive):
            if name == NAME:
                file.seek(start)
                return file.read(length)
    return None


def _entries(file: IO[bytes], archive: cookie.Archive) -> Iterator[tuple[str, int, int]]:
    """Name, place and packed length of each entry in the table of an archive."""
    file.seek(archive.table_start)
    table = file.read(archive.table_length)
    at = 0
    while at < len(table):
        size, offset, length, *_ = _ENTRY.unpack_from(table, at)
        name = table[at + _ENTRY.size : at + size].rstrip(b"\0").decode()
        yield name, archive.start + offset, length
        at += size
