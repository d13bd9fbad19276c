"""Hashing files piece by piece on all cores. What a torrent makes of the hashes is left to making.

hashlib gives up Python's lock while it works, so threads are enough. Each takes the next few pieces
when it is done with some. Copying a file out of the system's memory would cost a fifth of the time,
so it is looked at where it is (`jobs.mapping`), and read into a small buffer where that cannot be.
"""

import hashlib
import os
import threading
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from client.errors import JobError
from client.jobs import mapping
from client.words import gettext as _
from client.words import reason_of
from installer.formats.metainfo import BLOCK_LENGTH, piece_root
from installer.formats.names import shown

_REPORT_SECONDS = 0.2
# Small enough to be hashed while it is still in the processor's cache; whole blocks of version 2.
_CHUNK = 16 * BLOCK_LENGTH
_LEAST_MAPPED = _CHUNK
# Each thread takes so much of the stream at a time, and looks at it through one window: taking and
# mapping cost all threads time; but whoever wants to change the file waits as long as one is open.
_RUN = 1 << 23


@dataclass(frozen=True, slots=True)
class Source:
    """One file to hash, as it was when it was found; `padding` zero bytes follow it."""

    path: Path
    length: int
    padding: int = 0


@dataclass(frozen=True, slots=True)
class Hashes:
    """SHA-1 of each piece; for version 2 also the root of each piece of each file."""

    pieces: bytes
    roots: tuple[tuple[bytes, ...], ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of one file inside a piece; `file` is None for padding."""

    file: int | None
    offset: int
    length: int


class Hasher:
    """Hashes the sources one after the other, as one stream cut into pieces."""

    def __init__(
        self, sources: Sequence[Source], piece_length: int, *, with_roots: bool, threads: int
    ) -> None:
        self._sources = sources
        self._piece_length = piece_length
        self._with_roots = with_roots
        self._threads = threads
        self._plan = list(_plan(sources, piece_length))
        self._sha1: list[bytes] = [b""] * len(self._plan)
        self._roots: dict[tuple[int, int], bytes] = {}
        self._run_length = max(1, _RUN // piece_length)
        self._next = iter(range(0, len(self._plan), self._run_length))
        self._taking = threading.Lock()
        self._is_cancelled = threading.Event()
        self._done_bytes = [0] * threads

    def run(self) -> Generator[int]:
        """Yield from time to time how many bytes are hashed; closing the iterator cancels."""
        marks = [_mark(source) for source in self._sources]
        with ThreadPoolExecutor(self._threads, thread_name_prefix="hashing") as pool:
            try:
                pending = {pool.submit(self._work, number) for number in range(self._threads)}
                while pending:
                    done, pending = wait(pending, _REPORT_SECONDS, FIRST_COMPLETED)
                    for future in done:
                        future.result()
                    yield sum(self._done_bytes)
            finally:
                self._is_cancelled.set()
        for source, mark in zip(self._sources, marks, strict=True):
            if _mark(source) != mark:
                raise _changed(source.path)

    def result(self) -> Hashes:
        """What was found, once `run` has come to its end."""
        roots = tuple(
            tuple(
                self._roots[index, offset] for offset in range(0, source.length, self._piece_length)
            )
            for index, source in enumerate(self._sources if self._with_roots else ())
        )
        return Hashes(b"".join(self._sha1), roots)

    def _work(self, number: int) -> None:
        reader = _Reader(self._sources)
        try:
            while not self._is_cancelled.is_set():
                with self._taking:
                    first = next(self._next, None)
                if first is None:
                    return
                self._hash_run(first, number, reader)
        except BaseException:
            self._is_cancelled.set()
            raise
        finally:
            reader.close()

    def _hash_run(self, first: int, number: int, reader: "_Reader") -> None:
        for piece in range(first, min(first + self._run_length, len(self._plan))):
            if self._is_cancelled.is_set():
                return
            self._done_bytes[number] += self._hash(piece, reader)

    def _hash(self, piece: int, reader: "_Reader") -> int:
        sha1 = hashlib.sha1(usedforsecurity=False)
        read = 0
        for part in self._plan[piece]:
            if part.file is None:
                sha1.update(bytes(part.length))
                continue
            blocks: list[bytes] = []
            for chunk in reader.stretch(part.file, part.offset, part.length):
                with chunk:
                    sha1.update(chunk)
                    if self._with_roots:
                        blocks += _hashes_of_blocks(chunk)
            read += part.length
            if self._with_roots:
                # With padding every file begins with a piece, so a part is a piece of its file.
                length = self._sources[part.file].length
                root = piece_root(blocks, self._piece_length, length)
                self._roots[part.file, part.offset] = root
        self._sha1[piece] = sha1.digest()
        return read


def _hashes_of_blocks(chunk: memoryview) -> list[bytes]:
    return [
        hashlib.sha256(chunk[start : start + BLOCK_LENGTH]).digest()
        for start in range(0, len(chunk), BLOCK_LENGTH)
    ]


class _Reader:
    """Takes stretches out of files, keeping the last file open."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources
        self._index = -1
        self._file: IO[bytes] | None = None
        self._is_new = self._is_leased = False
        self._window: mapping.Window | None = None
        self._buffer = memoryview(bytearray(_CHUNK))

    def stretch(self, index: int, offset: int, length: int) -> Iterable[memoryview]:
        """One chunk after the other, each to be released before the next one is asked for."""
        if index != self._index:
            self._open(index)
        window = self._window_over(offset, length) if length >= _LEAST_MAPPED else None
        return self._read(offset, length) if window is None else (window.look(offset, length),)

    def close(self) -> None:
        self._close_window()
        if self._file is not None:
            self._file.close()

    def _window_over(self, offset: int, length: int) -> mapping.Window | None:
        """Where a stretch can be had without copying, as it can as a rule."""
        if self._window is None or not self._window.covers(offset, length):
            self._close_window()
            self._window = self._window_at(offset, length)
        return self._window

    def _window_at(self, offset: int, length: int) -> mapping.Window | None:
        file = self._file
        assert file is not None
        # Who never looks whether somebody waits must have no lease: so not before it is of use.
        if self._is_new:
            self._is_new, self._is_leased = False, mapping.has_lease(file)
        elif self._is_leased:
            self._is_leased = mapping.is_still(file)
        if not self._is_leased:
            return None
        rest = self._sources[self._index].length - offset
        try:
            return mapping.Window(file, offset, min(rest, max(length, _RUN)))
        except (OSError, ValueError):
            # It comes from the disk, or is not what it was: all the rest of it is read.
            mapping.give_back(file)
            self._is_leased = False
            return None

    def _close_window(self) -> None:
        if self._window is not None:
            self._window.close()
            self._window = None

    def _read(self, offset: int, length: int) -> Iterator[memoryview]:
        for start in range(0, length, _CHUNK):
            chunk = self._buffer[: min(_CHUNK, length - start)]
            try:
                self._fill(chunk, offset + start)
            except OSError as error:
                raise self._unreadable(error) from error
            yield chunk

    def _fill(self, chunk: memoryview, offset: int) -> None:
        file = self._file
        assert file is not None
        file.seek(offset)
        filled = 0
        while filled < len(chunk):
            count = file.readinto(chunk[filled:])  # type: ignore[attr-defined]
            if not count:
                raise _changed(self._sources[self._index].path)
            filled += count

    def _open(self, index: int) -> None:
        self.close()
        self._index = index
        try:
            self._file = self._sources[index].path.open("rb", buffering=0)
        except OSError as error:
            raise self._unreadable(error) from error
        self._is_new, self._is_leased = True, False

    def _unreadable(self, error: OSError) -> JobError:
        return JobError(
            _("{path} cannot be read: {reason}.").format(
                path=shown(str(self._sources[self._index].path)), reason=reason_of(error)
            )
        )


def cores() -> int:
    """How many threads can hash at the same time."""
    return os.cpu_count() or 1


def _plan(sources: Sequence[Source], piece_length: int) -> Iterator[list[_Part]]:
    """Say for each piece which stretches of which files it is made of."""
    piece: list[_Part] = []
    room = piece_length
    for index, source in enumerate(sources):
        for file, total in ((index, source.length), (None, source.padding)):
            offset = 0
            while offset < total:
                length = min(room, total - offset)
                piece.append(_Part(file, offset, length))
                offset += length
                room -= length
                if not room:
                    yield piece
                    piece, room = [], piece_length
    if piece:
        yield piece


def _mark(source: Source) -> tuple[int, int]:
    try:
        status = source.path.stat()
    except OSError as error:
        raise _changed(source.path) from error
    if status.st_size != source.length:
        raise _changed(source.path)
    return status.st_size, status.st_mtime_ns


def _changed(path: Path) -> JobError:
    return JobError(
        _("{path} changed while it was read. Wait until nothing writes it, then try again.").format(
            path=shown(str(path))
        )
    )
