"""Which of several tracker processes a torrent belongs to: each has one range of the info-hashes.

Ranges, and not remainders, because a database selects them and a packet filter finds them in three
instructions. Info-hashes are as good as random, so the ranges are as full as each other.
"""

from dataclasses import dataclass

BITS = 16  # of an info-hash decide
ABOVE_ALL = b"\xff" * 21


@dataclass(frozen=True, slots=True)
class Share:
    """The torrents of process number `index` of `count`."""

    index: int = 0
    count: int = 1

    def owner(self, info_hash: bytes) -> int:
        """The number of the process whose torrent this is."""
        return int.from_bytes(info_hash[:2], "big") * self.count >> BITS

    @property
    def first(self) -> bytes:
        """No info-hash of this share is below this."""
        return self._bound(self.index)

    @property
    def end(self) -> bytes:
        """All info-hashes of this share are below this, and of the others those below `first`."""
        return ABOVE_ALL if self.index + 1 == self.count else self._bound(self.index + 1)

    def _bound(self, index: int) -> bytes:
        return (-(-(index << BITS) // self.count)).to_bytes(2, "big")


WHOLE = Share()
