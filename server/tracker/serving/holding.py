"""Keeps the tracker's folder for one parent and its processes, as long as one of them lives (Unix).

When a parent is killed, its processes still write down what they have, and the next parent must
not read before that.
"""

import fcntl
import os
import time
from pathlib import Path

NAME = "lock"
SECONDS_BETWEEN_LOOKS = 0.05


class HeldError(Exception):
    """Somebody else does not let go of the folder."""


def hold(folder: Path, seconds: float) -> None:
    """Take the folder for this process and those that it forks; others get time to end.

    A folder that cannot be written holds nothing that could be lost.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() > deadline:
                raise HeldError from None
            time.sleep(SECONDS_BETWEEN_LOOKS)
        else:
            return
