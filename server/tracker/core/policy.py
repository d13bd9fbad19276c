"""How often peers come back and how many others they are told about."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """The tracker's numbers; times are seconds.

    In a small swarm peers come back soon, so that a newcomer behind a router is found soon. From
    `shortest_interval / seconds_per_peer` peers on, a swarm of any size up to the longest interval
    costs the tracker the same: one announce in `seconds_per_peer`.
    """

    shortest_interval: int = 300
    longest_interval: int = 1800
    seconds_per_peer: int = 6
    timeout: int = 2700
    usual_numwant: int = 50
    most_numwant: int = 200

    def interval(self, peers: int) -> int:
        """When a peer of a swarm of this size should come back."""
        seconds = peers * self.seconds_per_peer
        if seconds < self.shortest_interval:
            return self.shortest_interval
        return min(self.longest_interval, seconds)

    def numwant(self, asked: int) -> int:
        """How many peers to give to somebody who asked for so many."""
        if asked < 0:
            return self.usual_numwant
        return min(self.most_numwant, asked)
