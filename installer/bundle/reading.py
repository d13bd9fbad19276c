"""What a program carries, read from its own file by the client, or from beside it in an app."""

import os
from pathlib import Path
from typing import BinaryIO

from installer.bundle import app, authenticode
from installer.errors import PayloadError, TemplateError, Text
from installer.formats import payload, record
from installer.formats.payload import SignedPayload

# Virus scanners and signing tools put something behind a file; a payload is found in front of it.
_FOREIGN_TAIL = 65_536


def read_payload(path: Path) -> SignedPayload | None:
    """The payload of a bundle, or None for a plain program."""
    data = read_record(path)
    return None if data is None else payload.read(data)


def read_record(path: Path) -> bytes | None:
    """The record of that payload as it stands there; only header and end of the file are read."""
    try:
        beside = app.find_record(path, record.MAX_RECORD)
        if beside is not None:
            return beside
        with path.open("rb") as program:
            return _in_signature(program) or record.find(_tail(program))
    except OSError as error:
        text = Text(
            "This program cannot read its own file {path}: {reason}.",
            path=path,
            reason=error.strerror,
        )
        raise PayloadError(text) from error


def _in_signature(program: BinaryIO) -> bytes | None:
    try:
        return authenticode.find_record(program)
    except TemplateError:
        # A file that was cut off or added to; its end tells whether there was a payload.
        return None


def _tail(program: BinaryIO) -> bytes:
    length = record.MAX_RECORD + _FOREIGN_TAIL
    program.seek(max(0, program.seek(0, os.SEEK_END) - length))
    return program.read(length)
