"""The peers of one swarm and one address family, a few bytes each.

Compact addresses stand side by side in one byte array, seeds first, so that an answer is a slice
of it and a count is a number. A second array has two bytes for each peer: when it was last heard
of, whether it is paused, and seven bits of its key.
"""

from array import array

TICK = 16  # seconds
TICKS = 256  # the clock's size; a timeout must be well below TICK * TICKS seconds
TICK_BITS = (TICKS - 1) * TICK  # of a time in seconds
PAUSED = 0x80
KEY = 0x7F


class PeerList:
    """Seeds, then leeches. Everything but finding a peer takes the same time at any size."""

    __slots__ = ("marks", "paused", "peers", "seeds", "width")

    def __init__(self, width: int) -> None:
        """Start empty; `width` is the size of a compact peer: 6 or 18 bytes."""
        self.width = width
        self.peers = bytearray()
        self.marks = array("H")
        self.seeds = 0
        self.paused = 0

    def __len__(self) -> int:
        """How many peers there are."""
        return len(self.marks)

    def find(self, peer: bytes) -> int:
        """Where a peer stands, or -1."""
        width = self.width
        # From behind: of the two searches that CPython has, this one takes half the time.
        place = self.peers.rfind(peer)
        while place > 0 and place % width:
            place = self.peers.rfind(peer, 0, place + width - 1)
        return place // width

    def key(self, index: int) -> int:
        """The key bits of the peer at `index`."""
        return self.marks[index] & KEY

    def is_seed(self, index: int) -> bool:
        """Whether the peer at `index` is a seed."""
        return index < self.seeds

    def add(self, peer: bytes, is_seed: bool, mark: int, chance: float) -> int:
        """Put a new peer in at a random place of its side; the answer is where it stands.

        Answers are slices, and so no two peers are always named together only because they came
        together. `chance` is a random number from 0 to below 1.
        """
        peers, marks, width, seeds = self.peers, self.marks, self.width, self.seeds
        if mark & PAUSED:
            self.paused += 1
        if is_seed:
            if seeds < len(marks):  # the first leech makes room
                border = seeds * width
                peers += peers[border : border + width]
                marks.append(marks[seeds])
            else:
                peers += peer
                marks.append(mark)
            self.seeds = seeds + 1
            index = int(chance * (seeds + 1))
            marks[seeds] = marks[index]
            peers[seeds * width : (seeds + 1) * width] = peers[index * width : (index + 1) * width]
        else:
            index = seeds + int(chance * (len(marks) + 1 - seeds))
            if index == len(marks):
                peers += peer
                marks.append(mark)
                return index
            peers += peers[index * width : (index + 1) * width]
            marks.append(marks[index])
        marks[index] = mark
        peers[index * width : (index + 1) * width] = peer
        return index

    def update(self, index: int, is_seed: bool, mark: int) -> int:
        """Mark a peer as just heard of, on its side of the border; the answer is its place."""
        marks = self.marks
        if (marks[index] ^ mark) & PAUSED:
            self.paused += 1 if mark & PAUSED else -1
        marks[index] = mark
        if is_seed is (index < self.seeds):
            return index
        return self._to_seeds(index) if is_seed else self._to_leeches(index)

    def mix(self, index: int, chance: float) -> int:
        """Move a peer to a random place of its side; the answer is its place."""
        seeds = self.seeds
        if index < seeds:
            other = int(chance * seeds)
        else:
            other = seeds + int(chance * (len(self.marks) - seeds))
        self._swap(index, other)
        return other

    def remove(self, index: int) -> None:
        """Take a peer out."""
        if self.marks[index] & PAUSED:
            self.paused -= 1
        if index < self.seeds:
            index = self._to_leeches(index)
        self._swap(index, len(self.marks) - 1)
        del self.peers[-self.width :]
        self.marks.pop()

    def pick(self, first: int, wanted: int, without: int, chance: float) -> bytes:
        """At most `wanted` peers from `first` on, leaving out the one at `without` (-1: nobody)."""
        width, peers, total = self.width, self.peers, len(self.marks)
        count = total - first
        is_inside = without >= first
        if count - is_inside <= wanted:
            if not is_inside:
                return bytes(peers[first * width :])
            return bytes(peers[first * width : without * width] + peers[(without + 1) * width :])
        begin = first + int(chance * count)
        end = begin + wanted
        if begin <= without < end:
            end += 1
        elif end <= total:  # as nearly always in a large swarm
            return bytes(peers[begin * width : end * width])
        picked = peers[begin * width : end * width]
        if end > total:  # on from the first one
            rest = first + end - total
            if first <= without < rest:
                rest += 1
            picked += peers[first * width : rest * width]
        place = (without - begin) % count * width
        if is_inside and place < len(picked):
            del picked[place : place + width]
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

    def addresses_of_seeds(self) -> int:
        """How many different addresses the seeds have."""
        peers, width = self.peers, self.width
        end = self.seeds * width
        return len({bytes(peers[at : at + width - 2]) for at in range(0, end, width)})

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


def mark(now: int, is_paused: bool, key: int) -> int:
    """The two bytes kept with a peer that was heard of at second `now`."""
    return (now // TICK % TICKS) << 8 | is_paused << 7 | key
