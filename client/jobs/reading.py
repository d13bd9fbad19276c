"""Reading files into a small buffer, chunk by chunk, and saying what is wrong when that fails."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from client.errors import JobError
from client.jobs.pieces import Source
from client.words import gettext as _
from client.words import reason_of
from installer.formats.metainfo import BLOCK_LENGTH
from installer.formats.names import shown

# Small enough to be hashed while it is still in the processor's cache; whole blocks of version 2.
_CHUNK = 16 * BLOCK_LENGTH


class Reader:
    """Reads stretches of files, keeping the last file open."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources
        self._index = -1
        self._file: IO[bytes] | None = None
        self._buffer = memoryview(bytearray(_CHUNK))

    def look(self, index: int, offset: int, length: int) -> Iterator[memoryview]:
        """One chunk after the other, each to be released before the next one is asked for."""
        for start in range(0, length, _CHUNK):
            chunk = self._buffer[: min(_CHUNK, length - start)]
            try:
                self._fill(chunk, index, offset + start)
            except OSError as error:
                raise self._unreadable(index, error) from error
            yield chunk

    def close(self) -> None:
        """Look no more."""
        if self._file is not None:
            self._file.close()

    def _fill(self, chunk: memoryview, index: int, offset: int) -> None:
        file = self._opened(index)
        file.seek(offset)
        filled = 0
        while filled < len(chunk):
            count = file.readinto(chunk[filled:])  # type: ignore[attr-defined]
            if not count:
                raise changed(self._sources[index].path)
            filled += count

    def _opened(self, index: int) -> IO[bytes]:
        if self._file is None or index != self._index:
            self.close()
            self._file, self._index = self._sources[index].path.open("rb", buffering=0), index
        return self._file

    def _unreadable(self, index: int, error: OSError) -> JobError:
        return JobError(
            _("{path} cannot be read: {reason}.").format(
                path=shown(str(self._sources[index].path)), reason=reason_of(error)
            )
        )


def changed(path: Path) -> JobError:
    """A file is not what it was when it was found."""
    return JobError(
        _("{path} changed while it was read. Wait until nothing writes it, then try again.").format(
            path=shown(str(path))
        )
    )
