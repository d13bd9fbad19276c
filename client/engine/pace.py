"""How fast a polite client sends, by how long packets wait in the line. No socket, no clock.

The idea is that of LEDBAT (RFC 6817): a line that somebody else needs has a queue, and whoever
sends less as soon as there is one gets out of the way. Here it holds for all connections
together, TCP too, and for a line of any speed.
"""

from collections import deque

# Half of what uTP allows itself; a WLAN and our own sending by fits and starts stay below.
_BEARABLE_SECONDS = 0.05
_SLOWEST = 16_384
_FIRST = 8 * _SLOWEST
# Of what the line has carried: whoever downloads from us goes on while others are busy.
_LEAST_SHARE = 1 / 20
# A queue of our own is gone soon after a first step down; one that stays is somebody else's.
_NEXT_STEP = 0.5
_LOOKS_TO_SEE = 3
# Somebody else's TCP may empty the queue for a moment and go on.
_CALM_LOOKS, _CALM_LOOKS_AFTER_OTHERS = 2, 6


class Pace:
    """A limit in bytes per second that follows what is heard about the line once a second."""

    def __init__(self) -> None:
        self.limit = _FIRST
        self._waits: deque[float] = deque([0.0], maxlen=2)
        self._rates: deque[float] = deque(maxlen=2)
        self._carried = 0.0
        self._calm = 0
        self._busy = 0
        self._raises = 0
        self._calm_looks = _CALM_LOOKS

    def follow(self, wait: float, sent: float) -> None:
        """Packets wait that long, and so much was sent in the last second."""
        self._waits.append(wait)
        self._rates.append(min(sent, self.limit))
        # A single long one is the work of a busy WLAN, or of this computer.
        wait = min(self._waits)
        if wait > _BEARABLE_SECONDS:
            self._give_way(wait, min(self._rates))
            self._calm, self._busy = 0, self._busy + 1
            return
        self._calm, self._busy = self._calm + 1, 0
        if self._calm >= self._calm_looks and sent > 0.85 * self.limit:
            self._take_more()

    def _give_way(self, wait: float, sent: float) -> None:
        self._raises = 0
        if not self._busy:
            if self._calm >= self._calm_looks:
                self._calm_looks = _CALM_LOOKS
            # The queue is gone after a second, if it was ours; after the first steps it is long.
            rest = max(_NEXT_STEP, 1 - 2 * wait) if self._carried else _NEXT_STEP
            self._carried = max(0.9 * sent, 0.9 * self._carried)
            self._slow_down_to(rest * sent)
        elif self._busy >= _LOOKS_TO_SEE:
            self._calm_looks = _CALM_LOOKS_AFTER_OTHERS
            self._slow_down_to(_NEXT_STEP * self.limit)

    def _slow_down_to(self, rate: float) -> None:
        self.limit = round(max(_SLOWEST, _LEAST_SHARE * self._carried, rate))

    def _take_more(self) -> None:
        if not self._carried:
            self.limit *= 2
        elif self.limit < 0.95 * self._carried:
            self.limit += round((self._carried - self.limit) / 2)
        else:
            self._raises += 1
            self.limit = round((1 + 0.02 * self._raises) * self.limit)
