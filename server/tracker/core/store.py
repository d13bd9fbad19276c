"""What the engine needs of a place that keeps peers.

Every method is one step, so that a store behind a network answers it in one round trip.
"""

from collections.abc import Collection
from typing import NamedTuple, Protocol


class Outcome(NamedTuple):
    """A swarm after one of its peers was put in or taken out."""

    complete: int
    incomplete: int
    has_changed: bool  # whether those two did
    was_seed: bool  # whether this peer was known as a seed before
    peers: bytes
    peers6: bytes


class Swept(NamedTuple):
    """What one slice of expiry did."""

    changed: Collection[bytes]  # info-hashes of the swarms that lost peers
    is_round_done: bool  # whether the next slice begins with the first swarm again


class Store(Protocol):
    """Peers by info-hash. A peer is its compact address; times are whole seconds."""

    def put(
        self, info_hash: bytes, peer: bytes, is_seed: bool, key: int, now: int, numwant: int
    ) -> Outcome:
        """Note that a peer is here and pick at most `numwant` others for it, at random.

        Seeds are picked only for those who still download, and nobody is given itself.
        """
        ...

    def remove(self, info_hash: bytes, peer: bytes, key: int) -> Outcome:
        """Forget a peer, unless it was put in with another key."""
        ...

    def count(self, info_hash: bytes) -> tuple[int, int]:
        """How many seeds and how many others a swarm has."""
        ...

    def drop(self, info_hash: bytes) -> None:
        """Forget a whole swarm."""
        ...

    def expire(self, now: int, timeout: int, limit: int) -> Swept:
        """Forget the silent ones among the next `limit` peers or so."""
        ...
