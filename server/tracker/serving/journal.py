"""Downloads that the database does not have yet: on disk before the peer is answered.

Each file is a list of info-hashes with a name of its own. The transaction that adds them to the
totals also notes that name, so after a crash at any moment every download counts once. Where there
are several processes, a name begins with the number of the one that writes the file.
"""

import logging
import os
import uuid
from collections import Counter
from contextlib import suppress
from pathlib import Path

from ..core.shares import WHOLE, Share

PREFIX = "completions-"
NAME_SIZE = 32  # of the name behind that
INFO_HASH_SIZE = 20

log = logging.getLogger(__name__)


class Journal:
    """The open file and those whose downloads are on their way to the database."""

    def __init__(self, folder: Path, share: Share = WHOLE) -> None:
        """Begin with what earlier processes with the same number left in `folder`.

        The only process and the parent of several take what anybody has left.
        """
        self._folder = folder
        self._own = "" if share == WHOLE else f"{share.index}-"
        self._open: int | None = None
        self._name = ""
        self._has_failed = False

    def note(self, info_hash: bytes) -> None:
        """Write down a download. A process may die after this, a machine may not."""
        try:
            if self._open is None:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._name = f"{self._own}{uuid.uuid4().hex}"[:NAME_SIZE]
                flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_EXCL
                self._open = os.open(self._path(self._name), flags, 0o600)
            os.write(self._open, info_hash)
            self._has_failed = False
        except OSError as error:
            if not self._has_failed:
                log.warning("Downloads cannot be written to %s: %s", self._folder, error)
            self._has_failed = True

    def turn(self) -> str:
        """Begin a new file with the next download; the name of the old one, empty for none."""
        if self._open is None:
            return ""
        os.close(self._open)
        self._open = None
        return self._name

    def forget(self, name: str) -> None:
        """Delete a file whose downloads are in the database."""
        with suppress(OSError):
            self._path(name).unlink()

    def left(self) -> dict[str, Counter[bytes]]:
        """What is in the files of earlier processes; a cut-off record was never answered."""
        found: dict[str, Counter[bytes]] = {}
        for path in self._folder.glob(f"{PREFIX}{self._own}*"):
            try:
                content = path.read_bytes()
            except OSError as error:
                log.warning("Downloads in %s cannot be read: %s", path, error)
                continue
            whole = len(content) - len(content) % INFO_HASH_SIZE
            found[path.name.removeprefix(PREFIX)] = Counter(
                content[at : at + INFO_HASH_SIZE] for at in range(0, whole, INFO_HASH_SIZE)
            )
        return found

    def _path(self, name: str) -> Path:
        return self._folder / f"{PREFIX}{name}"
