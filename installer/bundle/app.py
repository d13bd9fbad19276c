"""An app for macOS in a zip: the payload becomes one more file in it.

All that stands before the zip's directory stays as it is. The file has a name that Apple's seal
leaves out by the rules which codesign puts into every app, so that a signature stays valid.
"""

import os
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO
from zipfile import BadZipFile, ZipFile

from installer.errors import TemplateError

PROGRAM_FOLDER = "Contents/MacOS"
PAYLOAD_FILE = "Contents/Resources/payload.lproj/locversion.plist"

_FILE = struct.Struct("<4s5H3I2H")
_ENTRY = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_FILE_MAGIC, _ENTRY_MAGIC, _END_MAGIC = b"PK\3\4", b"PK\1\2", b"PK\5\6"
_VERSION = 20  # of the format: 2.0, which knows folders
_UNIX = 3 << 8
_FIRST_DAY = 0x0021  # 1980-01-01, the first that a zip can say
_READABLE = 0o100644 << 16
_MAY_RUN = 0o100 << 16
_MOST_FILES, _LARGEST = 0xFFFE, 1 << 31  # More of them need another kind of zip.
_PROGRAM = re.compile(rf"[ -.0-~]+\.app/{PROGRAM_FOLDER}/[^/]+")


@dataclass(frozen=True, slots=True)
class Packed:
    """What is the same for all payloads of one app."""

    folder: str
    entries: int
    border: int
    """Where the zip's directory begins."""
    directory: bytes = field(repr=False)


def inspect(archive: BinaryIO) -> Packed:
    """Take a zip apart, and read all of it once."""
    entries, offset, directory = _directory(archive)
    with _opened(archive) as opened:
        folder = _program(opened).partition("/")[0] + "/"
        names, damaged = opened.namelist(), opened.testzip()
    if damaged is not None:
        raise TemplateError(f"Its file {damaged!a} is damaged.")
    if folder + PAYLOAD_FILE in names:
        raise TemplateError("It already carries a payload.")
    return Packed(folder, entries, offset, directory)


@contextmanager
def program_in(archive: BinaryIO) -> Iterator[IO[bytes]]:
    """The program of the app, to be read."""
    with _opened(archive) as opened, opened.open(_program(opened)) as program:
        yield program


def put_together(packed: Packed, record: bytes) -> bytes:
    """What stands behind the files of the zip when one of them carries this payload."""
    name = (packed.folder + PAYLOAD_FILE).encode()
    size = (zlib.crc32(record), len(record), len(record))
    file = _FILE.pack(_FILE_MAGIC, _VERSION, 0, 0, 0, _FIRST_DAY, *size, len(name), 0) + name
    entry = _ENTRY.pack(
        *(_ENTRY_MAGIC, _UNIX | _VERSION, _VERSION, 0, 0, 0, _FIRST_DAY, *size),
        *(len(name), 0, 0, 0, 0, _READABLE, packed.border),
    )
    directory = packed.directory + entry + name
    count, offset = packed.entries + 1, packed.border + len(file) + len(record)
    end = _END.pack(_END_MAGIC, 0, 0, count, count, len(directory), offset, 0)
    return file + record + directory + end


def find_record(program: Path, longest: int) -> bytes | None:
    """The payload beside the program of an app that was unpacked, if there is one."""
    app = program.parents[2] if len(program.parents) > 2 else program.parent
    if program.parent != app / PROGRAM_FOLDER or not (app / PAYLOAD_FILE).is_file():
        return None
    with (app / PAYLOAD_FILE).open("rb") as file:
        return file.read(longest + 1)


def _directory(archive: BinaryIO) -> tuple[int, int, bytes]:
    """How many files there are, where the directory begins, and the directory."""
    size = archive.seek(0, os.SEEK_END)
    end_at = archive.seek(max(0, size - _END.size))
    end = archive.read()
    if len(end) < _END.size or not end.startswith(_END_MAGIC):
        raise TemplateError("It is not a zip, or there is something behind it.")
    _, disk, first_disk, here, entries, length, offset, _ = _END.unpack(end)
    if disk or first_disk or here != entries or entries >= _MOST_FILES or size > _LARGEST:
        raise TemplateError("It is a zip of an unknown kind, or too large.")
    if offset + length != end_at:
        raise TemplateError("There is something within this zip that does not belong to it.")
    archive.seek(offset)
    return entries, offset, archive.read(length)


@contextmanager
def _opened(archive: BinaryIO) -> Iterator[ZipFile]:
    try:
        with ZipFile(archive) as opened:
            yield opened
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise TemplateError("It is damaged, or a zip of an unknown kind.") from error


def _program(opened: ZipFile) -> str:
    """The name of the one program of the one app in there."""
    names = [info for info in opened.infolist() if _PROGRAM.fullmatch(info.filename)]
    if len(names) != 1:
        raise TemplateError(f"There is not one app in it, with one program in {PROGRAM_FOLDER}.")
    (program,) = names
    if not program.external_attr & _MAY_RUN:
        raise TemplateError("Its program is not marked as one that may run.")
    return program.filename
