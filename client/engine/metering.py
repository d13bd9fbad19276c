"""How fast a count grows. libtorrent's own rates are right only after half a minute."""

from collections import deque

_SECONDS = 5.0


class Meter:
    """The average of the last seconds; after a longer silence it begins anew."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()

    def rate(self, count: int, now: float) -> int:
        """Take note of the count; returns how much it grows in a second."""
        if self._marks and (count < self._marks[-1][1] or now - self._marks[-1][0] > _SECONDS):
            self._marks.clear()
        self._marks.append((now, count))
        while now - self._marks[0][0] > _SECONDS:
            self._marks.popleft()
        # What has just begun is not slower for the time that it was waited for.
        while len(self._marks) > 1 and self._marks[0][1] == self._marks[1][1]:
            self._marks.popleft()
        began_at, before = self._marks[0]
        return round((count - before) / (now - began_at)) if now > began_at else 0
