"""A transfer on its way off the desk: its job ends, then what it saved goes if that is wanted."""

from collections.abc import Callable

from client.gui.errand import Errand
from client.gui.transfer import Transfer

_PATIENCE_SECONDS = 10.0


class Leaving:
    """Looked at from time to time. `clear` is called when the job has ended, and gives the deed."""

    def __init__(self, transfer: Transfer, clear: Callable[[], Callable[[], None]]) -> None:
        self._transfer = transfer
        self._clear = clear
        self._errand: Errand | None = None
        self._began_at: float | None = None
        transfer.leave()

    @property
    def sentence(self) -> str:
        """Why it could not be cleared away, once it `is_over`."""
        return self._errand.sentence if self._errand is not None else ""

    def is_over(self, now: float) -> bool:
        """Whether nothing is left to do."""
        self._began_at = now if self._began_at is None else self._began_at
        is_late = now - self._began_at >= _PATIENCE_SECONDS
        if self._errand is None and (is_late or not self._transfer.is_at_work):
            self._errand = Errand(self._clear())
        return self._errand is not None and self._errand.is_done

    def wait(self) -> None:
        """Let it end, in bounded time."""
        self._transfer.wait(_PATIENCE_SECONDS)
        if self._errand is None:
            self._errand = Errand(self._clear())
        self._errand.wait(_PATIENCE_SECONDS)
