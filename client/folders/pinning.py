"""Whether a file or folder is still the very one, whatever was moved away or made anew since.

It is held open meanwhile: numbers of files alone are used again, and some disks give new ones.
"""

import os
import sys
from pathlib import Path


class Pin:
    """One file or folder; on Windows nobody can move what is being written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: int | None = None
        if sys.platform != "win32":
            try:
                self._held = os.open(path, os.O_RDONLY)
            except OSError:
                self._held = None

    @property
    def is_in_place(self) -> bool:
        """Whether its path leads to it; an OSError where nobody can say at the moment."""
        try:
            found = self._path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        return self._held is None or os.path.samestat(os.fstat(self._held), found)

    def let_go(self) -> None:
        """Keep nobody from taking out the drive any more."""
        if self._held is not None:
            os.close(self._held)
            self._held = None
