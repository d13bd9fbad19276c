"""Bringing what was saved of a torrent to another place, without ever having it in neither.

It is renamed where that is possible, otherwise copied; deleting what was copied is left to whoever
knows that all of it has arrived.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from client.folders.targets import Target, stored_paths

_CHUNK = 1 << 20


class Carrying:
    """From one target of a torrent to another one, which was reserved."""

    def __init__(self, source: Target, target: Target, info_hash: bytes) -> None:
        self._source, self._target = source, target
        pairs = zip(stored_paths(source, info_hash), stored_paths(target, info_hash), strict=True)
        self._pairs = [(old, new) for old, new in pairs if _size(old)]
        self.has_holes = False
        """Whether a part could not be read, so that the copy lacks it."""

    @property
    def size(self) -> int:
        """How many bytes there are to bring."""
        return sum(_size(old) for old, _new in self._pairs)

    def rename(self) -> bool:
        """Bring it all at once, if both places are on one disk and nothing is in the way."""
        place = self._target.path
        is_folder = place.is_dir()
        try:
            if is_folder:
                place.rmdir()  # Windows replaces no folder, not even an empty one.
            self._source.path.replace(place)
        except OSError:
            if is_folder:
                place.mkdir(exist_ok=True)
            return False
        # The engine's own file lies beside the others; what is in it alone can be fetched again.
        for old, new in self._pairs[-1:]:
            if old.parent == self._source.folder and old != self._source.path:
                with suppress(OSError):
                    old.replace(new)
        return True

    def copy(self) -> Iterator[int]:
        """Copy it, and give the bytes of each step. Raises `OSError`, of the new place only."""
        for old, new in self._pairs:
            new.parent.mkdir(parents=True, exist_ok=True)
            with new.open("wb") as file:
                for chunk in self._chunks(old):
                    if chunk.count(0) == len(chunk):
                        # A hole stays one, so that it takes no room.
                        file.seek(len(chunk), os.SEEK_CUR)
                    else:
                        file.write(chunk)
                    yield len(chunk)
                file.truncate()
                file.flush()
                os.fsync(file.fileno())

    def _chunks(self, path: Path) -> Iterator[bytes]:
        try:
            file = path.open("rb")
        except OSError as error:
            raise UnreadableError from error
        with file:
            size = _size(path)
            for start in range(0, size, _CHUNK):
                try:
                    file.seek(start)
                    chunk = file.read(_CHUNK)
                except OSError:
                    # One bad place on a disk must not cost all the others.
                    self.has_holes = True
                    chunk = bytes(min(_CHUNK, size - start))
                yield chunk


class UnreadableError(Exception):
    """What was saved cannot be read where it is."""


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.lstat().st_size
    return 0
