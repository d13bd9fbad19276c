"""The pieces of a torrent: which stretches of which files each is made of, and what it hashes to.

Where the bytes come from is left to whoever hashes: `reading` copies them, a `worker` does not.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from installer.formats.merkle import BLOCK_LENGTH, piece_root

SHA1_LENGTH = 20
ROOT_LENGTH = 32
# A run is such a part of what is left: to take one costs a moment, but whoever is done with the
# last one waits for the others.
_SHARES = 16
# No longer, in bytes, or nobody sees that a slow disk gets on.
_LONGEST_RUN = 1 << 24
# What these hash to goes through a pipe in one go (PIPE_BUF, 4,096 bytes on Linux).
_MOST_PIECES = 64

# Takes the number of a source, an offset and a length in bytes. Gives one chunk after the other,
# whole blocks of version 2 but for the last, each to be released before the next is asked for.
Look = Callable[[int, int, int], Iterable[memoryview]]


class Source(NamedTuple):
    """One file to hash, as it was when it was found; `padding` zero bytes follow it.

    No dataclass, since to load what makes one takes a worker a fifth of its start.
    """

    path: Path
    length: int
    padding: int = 0


class _Part(NamedTuple):
    """A stretch of one file inside a piece, or zeros between two of them (`file` is None)."""

    file: int | None
    offset: int
    length: int


class Pieces:
    """The sources one after the other, as one stream cut into pieces, and into runs of them.

    A piece hashes to its SHA-1 and, with roots, the root of its blocks behind it (BEP 52).
    """

    def __init__(self, sources: Sequence[Source], piece_length: int, *, with_roots: bool) -> None:
        self.sources = sources
        self.piece_length = piece_length
        self.with_roots = with_roots
        self.hash_length = SHA1_LENGTH + (ROOT_LENGTH if with_roots else 0)
        ends = accumulate((source.length + source.padding for source in sources), initial=0)
        *self._starts, self._end = ends

    def __len__(self) -> int:
        return -(-self._end // self.piece_length)

    def runs(self) -> Iterator[range]:
        """The numbers of all pieces, many at a time at first, and ever fewer in the end."""
        most = min(_LONGEST_RUN // self.piece_length, _MOST_PIECES)
        first = 0
        while first < len(self):
            count = max(1, min((len(self) - first) // _SHARES, most))
            yield range(first, first + count)
            first += count

    def size(self, run: range) -> int:
        """How many bytes of files are in a run."""
        return sum(part.length for part in self._parts(run) if part.file is not None)

    def hash(self, piece: int, look: Look) -> bytes:
        """What a piece hashes to: `hash_length` bytes."""
        sha1 = hashlib.sha1(usedforsecurity=False)
        root = b""
        for part in self._parts(range(piece, piece + 1)):
            if part.file is None:
                sha1.update(bytes(part.length))
                continue
            blocks: list[bytes] = []
            for chunk in look(part.file, part.offset, part.length):
                with chunk:
                    sha1.update(chunk)
                    if self.with_roots:
                        blocks += _hashes_of_blocks(chunk)
            if self.with_roots:
                # With padding every file begins with a piece, so a part is a piece of its file.
                length = self.sources[part.file].length
                root = piece_root(blocks, self.piece_length, length)
        return sha1.digest() + root

    def _parts(self, run: range) -> Iterator[_Part]:
        """Say which stretches of which files are in a run of pieces."""
        start = run.start * self.piece_length
        end = min(run.stop * self.piece_length, self._end)
        index = bisect_right(self._starts, start) - 1
        while start < end:
            source, offset = self.sources[index], start - self._starts[index]
            length = min(source.length - offset, end - start)
            if length > 0:
                yield _Part(index, offset, length)
                start += length
                offset += length
            padding = min(source.length + source.padding - offset, end - start)
            if padding > 0:
                yield _Part(None, 0, padding)
                start += padding
            index += 1


def _hashes_of_blocks(chunk: memoryview) -> list[bytes]:
    """SHA-256 of each block of a chunk, which begins where a block does."""
    return [
        hashlib.sha256(chunk[start : start + BLOCK_LENGTH]).digest()
        for start in range(0, len(chunk), BLOCK_LENGTH)
    ]
