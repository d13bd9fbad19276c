"""The Range header (RFC 9110, 14): which part of a file is asked for."""

import re
from dataclasses import dataclass

_SINGLE = re.compile(r"bytes=\s*([0-9]{0,18})-([0-9]{0,18})\s*", re.IGNORECASE)


class Unsatisfiable(Exception):  # noqa: N818 - the protocol's own word
    """The range begins behind the end of the file."""


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes from `start` to before `stop`."""

    start: int
    stop: int

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return self.stop - self.start

    def content_range(self, whole: int) -> str:
        """The Content-Range header, given the size of the whole file."""
        return f"bytes {self.start}-{self.stop - 1}/{whole}"


def read(header: str, size: int) -> Part | None:
    """The part asked for; None when the whole file is the answer.

    Several ranges at once, other units and what makes no sense are answered with the whole file,
    as the protocol allows: a thousand ranges cost no more than one file.
    """
    match = _SINGLE.fullmatch(header)
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:
        return _suffix(int(last), size)
    start = int(first)
    stop = min(int(last) + 1, size) if last else size
    if last and int(last) < start:
        return None
    if start >= size:
        raise Unsatisfiable
    return Part(start, stop)


def _suffix(length: int, size: int) -> Part:
    if not length:
        raise Unsatisfiable
    return Part(max(0, size - length), size)
