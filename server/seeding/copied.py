"""A file of a copy as bytes to be sent. How they travel is left to `server.site.sending`."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import places
from .layout import Place, layout_of

CHUNK_BYTES = 256 * 1024


class DamagedCopyError(Exception):
    """The file on the disk is not the one that the torrent describes."""


def find(info_hash: str, path: str) -> "CopiedFile | Zeros | None":
    """What this path means in the torrent of a release, if it means anything."""
    layout = layout_of(info_hash)
    if place := layout.places.get(path):
        return CopiedFile(info_hash, place)
    size = layout.paddings.get(path)
    return Zeros(size) if size else None


@dataclass(frozen=True, slots=True)
class CopiedFile:
    """One file of a release, of which the site has all bytes."""

    info_hash: str
    place: Place

    @property
    def size(self) -> int:
        """How many bytes the torrent says."""
        return self.place.size

    @property
    def etag(self) -> str:
        """Strong: the info-hash says which bytes they are."""
        return f'"{self.info_hash}-{self.place.number}"'

    @property
    def path(self) -> Path:
        """Where it is on the disk."""
        return places.file_of(self.info_hash, self.place.number)

    def check(self) -> None:
        """Raise `DamagedCopyError` if it is not all there; an empty file need not be there."""
        if not self.size:
            return
        try:
            _check_size(self.path, self.path.stat(), self.size)
        except OSError as error:
            raise DamagedCopyError(f"{self.path}: {error.strerror}") from error

    def chunks(self, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from start to before stop; raises `DamagedCopyError`, if it can at once."""
        self.check()
        return self._chunks(start, stop)

    def _chunks(self, start: int, stop: int) -> Iterator[bytes]:
        if start >= stop:
            return
        with self.path.open("rb", buffering=0) as file:
            _check_size(self.path, os.fstat(file.fileno()), self.size)
            file.seek(start)
            while start < stop:
                chunk = file.read(min(CHUNK_BYTES, stop - start))
                if not chunk:
                    raise DamagedCopyError(f"{self.path} ends too early.")
                start += len(chunk)
                yield chunk


@dataclass(frozen=True, slots=True)
class Zeros:
    """Padding between the files of a torrent, which is on no disk."""

    size: int

    @property
    def etag(self) -> str:
        """The same for all of this length."""
        return f'"zeros-{self.size}"'

    def chunks(self, start: int, stop: int) -> Iterator[bytes]:
        """So many zeros."""
        while start < stop:
            length = min(CHUNK_BYTES, stop - start)
            start += length
            yield bytes(length)


def _check_size(path: Path, status: os.stat_result, size: int) -> None:
    if status.st_size != size:
        raise DamagedCopyError(f"{path} has {status.st_size:,} bytes instead of {size:,}.")
