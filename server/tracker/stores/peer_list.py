"""The peers of one swarm and one address family, a few bytes each.

Compact addresses stand side by side in one byte array, seeds first, so that an answer is a slice
of it and a count is a number. A second array has two bytes for each peer: when it was last heard
of, and a byte made from its key.
"""

from array import array
from collections.abc import Callable

TICK = 16  # seconds
TICKS = 256  # the clock's size; a timeout must be well below TICK * TICKS seconds


class PeerList:
    """Seeds, then leeches. Everything but finding a peer takes the same time at any size."""

    __slots__ = ("marks", "peers", "seeds", "width")

    def __init__(self, width: int) -> None:
        """Start empty; `width` is the size of a compact peer: 6 or 18 bytes."""
        self.width = width
        self.peers = bytearray()
        self.marks = array("H")
        self.seeds = 0

    def __len__(self) -> int:
        """How many peers there are."""
        return len(self.marks)

    def find(self, peer: bytes) -> int:
        """Where a peer stands, or -1."""
        width = self.width
        place = self.peers.find(peer)
        while place > 0 and place % width:
            place = self.peers.find(peer, place + 1)
        return place // width

    def key(self, index: int) -> int:
        """The key byte of the peer at `index`."""
        return self.marks[index] & 0xFF

    def is_seed(self, index: int) -> bool:
        """Whether the peer at `index` is a seed."""
        return index < self.seeds

    def add(self, peer: bytes, is_seed: bool, mark: int) -> int:
        """Put a new peer in; the answer is where it stands."""
        self.peers += peer
        self.marks.append(mark)
        last = len(self.marks) - 1
        if not is_seed:
            return last
        return self._to_seeds(last)

    def set_seed(self, index: int, is_seed: bool) -> int:
        """Move a peer to its side of the border; the answer is where it stands then."""
        if is_seed == (index < self.seeds):
            return index
        return self._to_seeds(index) if is_seed else self._to_leeches(index)

    def remove(self, index: int) -> None:
        """Take a peer out."""
        if index < self.seeds:
            index = self._to_leeches(index)
        self._swap(index, len(self.marks) - 1)
        del self.peers[-self.width :]
        self.marks.pop()

    def refresh(self, index: int, mark: int, random: Callable[[], float]) -> int:
        """Mark a peer as just heard of and move it to a random place on its side.

        Answers are slices, so without the move the same peers would always be named together.
        """
        seeds = self.seeds
        if index < seeds:
            other = int(random() * seeds)
        else:
            other = seeds + int(random() * (len(self.marks) - seeds))
        self.marks[index] = mark
        self._swap(index, other)
        return other

    def pick(self, first: int, wanted: int, without: int, random: Callable[[], float]) -> bytes:
        """At most `wanted` peers from `first` on, leaving out the one at `without` (-1: nobody)."""
        width = self.width
        count = len(self.marks) - first
        peers = self.peers
        is_inside = without >= first
        if count - is_inside <= wanted:
            if not is_inside:
                return bytes(peers[first * width :])
            return bytes(peers[first * width : without * width] + peers[(without + 1) * width :])
        # One more than wanted, since the asking peer may be among them.
        size = wanted + is_inside
        start = int(random() * count)
        overlap = start + size - count
        begin = (first + start) * width
        picked = peers[begin : begin + size * width]
        if overlap > 0:
            picked += peers[first * width : (first + overlap) * width]
        if is_inside:
            place = (without - first - start) % count
            if place > wanted:
                place = wanted
            del picked[place * width : (place + 1) * width]
        return bytes(picked)

    def expire(self, start: int, stop: int, tick: int, most_ticks: int) -> bool:
        """Take out the silent ones from `start` to before `stop`; true if there were any.

        Backwards, so that what `remove` moves to an earlier place has been looked at.
        """
        silent = [
            index
            for index in range(stop - 1, start - 1, -1)
            if (tick - (self.marks[index] >> 8)) % TICKS > most_ticks
        ]
        for index in silent:
            self.remove(index)
        return bool(silent)

    def _to_seeds(self, index: int) -> int:
        border = self.seeds
        self._swap(index, border)
        self.seeds += 1
        return border

    def _to_leeches(self, index: int) -> int:
        self.seeds -= 1
        self._swap(index, self.seeds)
        return self.seeds

    def _swap(self, one: int, other: int) -> None:
        if one == other:
            return
        marks = self.marks
        marks[one], marks[other] = marks[other], marks[one]
        width = self.width
        one *= width
        other *= width
        peers = self.peers
        moved = peers[one : one + width]
        peers[one : one + width] = peers[other : other + width]
        peers[other : other + width] = moved


def mark(now: int, key: int) -> int:
    """The two bytes kept with a peer that was heard of at second `now`."""
    return (now // TICK % TICKS) << 8 | key
