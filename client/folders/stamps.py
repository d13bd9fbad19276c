"""How the files of a transfer looked when the engine's notes about them were kept.

The engine believes its notes (resume data) without reading the files, so we must know that the
files are still the same. While a download runs they change all the time, and after a `kill -9` they
are newer than what was noted: such stamps are not settled, and then only the sizes can speak. When
a download was complete or stopped cleanly nothing of ours writes any more; those stamps are
settled, and any difference is the deed of somebody else.
"""

import json
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

Stamp = tuple[int, int] | None
"""Size and time of the last change (ns); None where there is no file."""

_NO_FILE_BUT_SOMETHING = -1


@dataclass(frozen=True, slots=True)
class Stamps:
    """One stamp for each file, in the order of the torrent."""

    files: tuple[Stamp, ...]
    is_settled: bool

    def is_growing_into(self, now: tuple[Stamp, ...], lengths: Iterable[int]) -> bool:
        """Whether a killed download may have left this: nothing shrank, nothing is too long."""
        return all(
            stamp is None or (before[0] if before else 0) <= stamp[0] <= length
            for before, stamp, length in zip(self.files, now, lengths, strict=True)
        )

    def is_without_some(self, now: tuple[Stamp, ...]) -> bool:
        """Whether files are gone, and what is there did not change."""
        return all(stamp in {None, before} for before, stamp in zip(self.files, now, strict=True))


def look(folder: Path, files: Iterable[str]) -> tuple[Stamp, ...]:
    """How the files look now, as far as they can be seen."""
    return tuple(_seen(folder / file) for file in files)


def look_closely(folder: Path, files: Iterable[str]) -> tuple[Stamp, ...]:
    """How the files look now; an OSError where nobody can say whether there is one."""
    return tuple(_stamp(folder / file) for file in files)


def write(stamps: Stamps) -> bytes:
    """The stamps as they are kept."""
    return json.dumps({"files": stamps.files, "is_settled": stamps.is_settled}).encode()


def read(content: bytes, count: int) -> Stamps | None:
    """The stamps of so many files, if that is what was kept."""
    try:
        kept = json.loads(content)
        files = tuple(None if stamp is None else (stamp[0], stamp[1]) for stamp in kept["files"])
        is_settled = kept["is_settled"] is True
    except (ValueError, LookupError, TypeError):
        return None
    numbers = [number for stamp in files if stamp is not None for number in stamp]
    if len(files) != count or not all(isinstance(number, int) for number in numbers):
        return None
    return Stamps(files, is_settled)


def _seen(path: Path) -> Stamp:
    try:
        return _stamp(path)
    except OSError:
        return None


def _stamp(path: Path) -> Stamp:
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    is_file = stat.S_ISREG(status.st_mode)
    return status.st_size if is_file else _NO_FILE_BUT_SOMETHING, status.st_mtime_ns
