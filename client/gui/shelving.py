"""Writing the shelf behind the window's back. Needs no screen."""

from collections.abc import Sequence
from pathlib import Path

from client.folders.shelf import Shelved, write_shelf
from client.gui.errand import Errand


class Shelving:
    """One is written after the other, so the newest is the last; those between may be left out."""

    def __init__(self, state: Path) -> None:
        self.sentence = ""
        self._state = state
        self._newest: Sequence[Shelved] | None = None
        self._errand: Errand | None = None

    def keep(self, shelf: Sequence[Shelved]) -> None:
        """Let this be the shelf from now on."""
        self._newest = tuple(shelf)
        self._go_on()

    def look(self) -> bool:
        """Whether one was written since the last look; `sentence` says why if it could not be."""
        errand = self._errand
        if errand is None or not errand.is_done:
            return False
        self.sentence = errand.sentence
        self._errand = None
        self._go_on()
        return True

    def close(self, seconds: float) -> None:
        """Let everything be written, if each takes no longer than so many seconds."""
        while self._errand is not None:
            self._errand.wait(seconds)
            if not self.look():
                return

    def _go_on(self) -> None:
        if self._errand is None and self._newest is not None:
            shelf, self._newest = self._newest, None
            self._errand = Errand(lambda: write_shelf(self._state, shelf))
