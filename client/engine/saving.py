"""When the state of a transfer is saved: soon after its start, later every minute."""

_FIRST_SECONDS = 5.0
_MOST_SECONDS = 60.0


class SaveTimes:
    """Ask `is_due` from time to time.

    Whoever is killed in the first minute must not begin again from nothing, and a transfer of
    hours must not write a description of a hundred thousand pieces every few seconds.
    """

    def __init__(self) -> None:
        self._saved_at: float | None = None
        self._seconds = _FIRST_SECONDS

    def is_due(self, now: float) -> bool:
        """Whether to save now; a yes counts as done."""
        if self._saved_at is None:
            self._saved_at = now
        if now - self._saved_at < self._seconds:
            return False
        self._saved_at = now
        self._seconds = min(2 * self._seconds, _MOST_SECONDS)
        return True
