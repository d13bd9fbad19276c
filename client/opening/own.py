"""The record in our own program, unread. It is handed over before what reads it is loaded."""

import sys
from pathlib import Path

from installer.bundle.reading import read_record


def own_record() -> bytes | None:
    """What this very program carries, when it is a bundle; the one in the source tree has none."""
    return read_record(Path(sys.executable)) if getattr(sys, "frozen", False) else None
