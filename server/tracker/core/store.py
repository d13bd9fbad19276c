"""What the engine needs of a place that keeps peers.

Every method is one step, so that a store behind a network answers it in one round trip. Such a
store gives awaitables instead of the answers themselves; the engine takes both.
"""

from collections.abc import Awaitable, Collection, Iterator
from typing import NamedTuple, Protocol

from .messages import SwarmDump

# A swarm after one of its peers was put in or taken out: complete, incomplete, whether those two
# changed, whether this peer was known as a seed before, peers, IPv6 peers. No named tuple: one is
# made for every announce, and a plain one takes a third of the time.
Outcome = tuple[int, int, bool, bool, bytes, bytes]


class SwarmCount(NamedTuple):
    """How many there are in a swarm."""

    complete: int
    incomplete: int
    paused: int  # the partial seeds among the incomplete
    addresses: int  # different ones among the complete; 0 if not asked for


class Swept(NamedTuple):
    """What one slice of expiry did."""

    changed: Collection[bytes]  # info-hashes of the swarms that lost peers
    emptied: Collection[bytes]  # those among them that have none left
    is_round_done: bool  # whether the next slice begins with the first swarm again


class Store(Protocol):
    """Peers by info-hash. A peer is its compact address; times are whole seconds."""

    def put(
        self,
        info_hash: bytes,
        peer: bytes,
        is_seed: bool,
        is_paused: bool,
        key: int,
        now: int,
        numwant: int,
    ) -> Outcome | Awaitable[Outcome]:
        """Note that a peer is here and pick at most `numwant` others for it, at random.

        Seeds are picked only for those who still download, and nobody is given itself.
        """
        ...

    def remove(
        self, info_hash: bytes, peer: bytes, key: int, now: int
    ) -> Outcome | Awaitable[Outcome]:
        """Forget a peer, unless it was put in with another key."""
        ...

    def count(
        self, info_hash: bytes, now: int, *, has_addresses: bool = False
    ) -> SwarmCount | Awaitable[SwarmCount]:
        """How a swarm is; with the different addresses, which take longer to count, if asked."""
        ...

    def drop(self, info_hash: bytes) -> Awaitable[None] | None:
        """Forget a whole swarm."""
        ...

    def expire(self, now: int, timeout: int, limit: int) -> Swept | Awaitable[Swept]:
        """Forget the silent ones among the next `limit` peers or so."""
        ...

    def dump(self) -> Iterator[SwarmDump]:
        """Every swarm that would be gone with this process, as it is when its turn comes."""
        ...

    def load(
        self, swarm: SwarmDump, dumped_at: int, seconds_ago: int, now: int, timeout: int
    ) -> None:
        """Take a swarm in that was dumped so many seconds ago, at a time of another clock."""
        ...

    def families(self) -> tuple[int, int]:
        """How many peers there are by IPv4 and by IPv6 in this process."""
        ...
