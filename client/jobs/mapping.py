"""Looking at a file where the system keeps it, without copying it: how hashing gets its speed.

A mapped file that is cut short, or whose disk fails, kills the program that looks at it. So a file
is only mapped while this process holds a lease on it, with which Linux makes whoever wants to
change the file wait, and only what is in memory already. Everything else is to be read as usual:
other systems, network drives, other people's files, and what comes from the disk, which is slower
than any copying.
"""

import ctypes
import errno
import mmap
import sys
from contextlib import suppress
from functools import cache
from typing import IO

if sys.platform == "linux":
    import fcntl
    import signal

_NO_RESERVE = 0x4000  # MAP_NORESERVE: no memory is set aside for what is never written


def has_lease(file: IO[bytes]) -> bool:
    """Ask for a lease; true if nobody can change the file until `is_still` says so."""
    if sys.platform != "linux" or _library() is None:
        return False
    try:
        # The signal that comes with somebody's wish is one that is ignored: we ask ourselves.
        fcntl.fcntl(file, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError:
        return False
    return True


def is_still(file: IO[bytes]) -> bool:
    """Whether nobody is waiting to change a leased file; if not, the lease is given back."""
    if sys.platform != "linux":
        return False
    if fcntl.fcntl(file, fcntl.F_GETLEASE) == fcntl.F_RDLCK:
        return True
    give_back(file)
    return False


def give_back(file: IO[bytes]) -> None:
    """Let others change the file."""
    if sys.platform == "linux":
        with suppress(OSError):  # already taken from a process that was stopped for long
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)


class Window:
    """A part of a leased file, in bytes, through which stretches of it can be looked at.

    Raises `OSError` or `ValueError` if it cannot be mapped, or if some of it is only on the disk.
    """

    def __init__(self, file: IO[bytes], offset: int, length: int) -> None:
        self._offset = offset - offset % mmap.ALLOCATIONGRANULARITY
        self._end = offset + length
        flags = mmap.MAP_PRIVATE | _NO_RESERVE
        access = mmap.PROT_READ | mmap.PROT_WRITE  # ctypes wants the latter
        size = self._end - self._offset
        self._mapped = mmap.mmap(file.fileno(), size, flags, access, offset=self._offset)
        if not _is_in_memory(self._mapped):
            self._mapped.close()
            raise OSError(errno.EAGAIN, "not all of it is in memory")
        self._view = memoryview(self._mapped)

    def covers(self, offset: int, length: int) -> bool:
        """Whether this stretch of the file can be seen."""
        return self._offset <= offset and offset + length <= self._end

    def look(self, offset: int, length: int) -> memoryview:
        """A stretch of the file, to be released before the window is closed."""
        start = offset - self._offset
        return self._view[start : start + length]

    def close(self) -> None:
        """Look no more."""
        self._view.release()
        self._mapped.close()


def _is_in_memory(mapped: mmap.mmap) -> bool:
    library = _library()
    assert library is not None
    pages = bytearray(-(-len(mapped) // mmap.PAGESIZE))
    first = ctypes.c_char.from_buffer(mapped)
    vector = ctypes.c_char.from_buffer(pages)
    has_failed = library.mincore(
        ctypes.byref(first), ctypes.c_size_t(len(mapped)), ctypes.byref(vector)
    )
    return not has_failed and 0 not in pages


@cache
def _library() -> ctypes.CDLL | None:
    library = ctypes.CDLL(None)
    return library if hasattr(library, "mincore") else None
