"""What a program carries behind it, read from its own file by the client."""

import os
from pathlib import Path

from installer.errors import PayloadError
from installer.formats import payload
from installer.formats.payload import Payload

# Virus scanners and signing tools put something behind a file; a payload is found in front of it.
_FOREIGN_TAIL = 65_536


def read_payload(path: Path) -> Payload | None:
    """The payload of a bundle, or None for a plain program; only the end of the file is read."""
    try:
        tail = _tail(path, payload.MAX_RECORD + _FOREIGN_TAIL)
    except OSError as error:
        text = f"This program cannot read its own file {path}: {error.strerror}."
        raise PayloadError(text) from error
    record = payload.find(tail)
    return None if record is None else payload.read(record)


def _tail(path: Path, length: int) -> bytes:
    with path.open("rb") as program:
        size = program.seek(0, os.SEEK_END)
        program.seek(max(0, size - length))
        return program.read(length)
