"""Which program opens a type by itself: `mimeapps.list`, where other programs stand too.

We put ourselves before whoever stands there, so that taking us out gives everything back.
"""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from client.folders.keeping import write_whole

_HEAD = "[Default Applications]"


class Defaults:
    """The list of one person; `entry` is our name in it."""

    def __init__(self, path: Path, entry: str) -> None:
        self._path = path
        self._entry = entry

    def take(self, kinds: Iterable[str]) -> None:
        """Open these types from now on."""
        lines = self._lines()
        if _HEAD not in lines:
            lines += [_HEAD]
        for kind in kinds:
            self._put_first(lines, kind)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._write(lines)

    def give_back(self) -> bool:
        """Take only ourselves out; true if nothing was left in the list then, which is gone."""
        before = self._lines()
        lines = [line for line in map(self._without_us, before) if line is not None]
        if lines == before:
            return False
        if all(not line.strip() or line.startswith("[") for line in lines):
            self._path.unlink()
            return True
        self._write(lines)
        return False

    def _put_first(self, lines: list[str], kind: str) -> None:
        start = lines.index(_HEAD) + 1
        for place in range(start, len(lines)):
            if lines[place].startswith("["):
                break
            name, _equals, value = lines[place].partition("=")
            if name.strip() == kind:
                others = [one for one in _entries(value) if one != self._entry]
                lines[place] = f"{kind}={';'.join([self._entry, *others])};"
                return
        lines.insert(start, f"{kind}={self._entry};")

    def _without_us(self, line: str) -> str | None:
        """A line as the others in it want it; None when there were no others."""
        kind, equals, value = line.partition("=")
        if not equals or self._entry not in _entries(value):
            return line
        others = [one for one in value.split(";") if one.strip() != self._entry]
        return f"{kind}={';'.join(others)}" if _entries(";".join(others)) else None

    def _lines(self) -> list[str]:
        with suppress(FileNotFoundError):
            return self._path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        return []

    def _write(self, lines: list[str]) -> None:
        text = "".join(f"{line}\n" for line in lines)
        write_whole(self._path, text.encode(errors="surrogateescape"))


def _entries(value: str) -> list[str]:
    return [entry.strip() for entry in value.split(";") if entry.strip()]
