"""Keeps the tracker's folder for one parent and its processes, as long as one of them lives (Unix).

When a parent is killed, its processes still write down what they have, and the next tracker must
not read before that, whether it has one process or several.
"""

import os
import time
from pathlib import Path

NAME = "lock"
SECONDS_TO_LET_GO = 60  # what others have to save may take a while
SECONDS_BETWEEN_LOOKS = 0.05


class HeldError(Exception):
    """Somebody else does not let go of the folder."""

    def __init__(self, folder: Path) -> None:
        """Name it."""
        super().__init__(f"Another tracker uses {folder}.")


def hold(folder: Path, *, is_alone: bool) -> None:
    """Take the folder for this process and those that it forks; others get time to end.

    Not `is_alone`: beside others that are not alone. A folder that cannot be written holds nothing
    that could be lost, and a disk without locks is nobody's.
    """
    try:
        import fcntl
    except ImportError:
        return  # Windows has no such locks, and one process only
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return
    wish = fcntl.LOCK_EX if is_alone else fcntl.LOCK_SH
    deadline = time.monotonic() + SECONDS_TO_LET_GO
    while True:
        try:
            fcntl.flock(descriptor, wish | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise HeldError(folder) from None
            time.sleep(SECONDS_BETWEEN_LOOKS)
        except OSError:
            return
        else:
            return
