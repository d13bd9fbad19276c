"""Peers in this process's memory: the usual store, where one tracker process is enough."""

from collections.abc import Callable

from ..core.store import Outcome, Swept
from .peer_list import TICK, TICKS, PeerList, mark

# More peers of one swarm than this at one address are no household and no office.
MOST_AT_ONE_ADDRESS = 128
NOTHING = Outcome(0, 0, has_changed=False, was_seed=False, peers=b"", peers6=b"")


class Swarm:
    """The peers of one torrent."""

    __slots__ = ("four", "six")

    def __init__(self) -> None:
        """Start empty; most swarms never need both lists."""
        self.four: PeerList | None = None
        self.six: PeerList | None = None

    def list_for(self, peer: bytes) -> PeerList:
        """The list where a peer belongs."""
        if len(peer) == 6:
            if self.four is None:
                self.four = PeerList(6)
            return self.four
        if self.six is None:
            self.six = PeerList(18)
        return self.six

    def list_beside(self, peer: bytes) -> PeerList | None:
        """The list of the other address family, if anybody is in it."""
        return self.six if len(peer) == 6 else self.four

    def lists(self) -> list[PeerList]:
        """Both lists, as far as they exist."""
        return [peers for peers in (self.four, self.six) if peers is not None]

    def count(self) -> tuple[int, int]:
        """How many seeds and how many others."""
        four, six = self.four, self.six
        seeds = peers = 0
        if four is not None:
            seeds, peers = four.seeds, len(four)
        if six is not None:
            seeds, peers = seeds + six.seeds, peers + len(six)
        return seeds, peers - seeds


class MemoryStore:
    """A `core.store.Store` in a dictionary of byte arrays."""

    def __init__(self, random: Callable[[], float]) -> None:
        """Start empty; `random` gives numbers from 0 to below 1."""
        self._random = random
        self._swarms: dict[bytes, Swarm] = {}
        self._round: list[bytes] = []
        self._unswept: list[tuple[PeerList, int]] = []

    def put(
        self, info_hash: bytes, peer: bytes, is_seed: bool, key: int, now: int, numwant: int
    ) -> Outcome:
        """See `Store.put`."""
        swarm = self._swarms.get(info_hash)
        if swarm is None:
            swarm = self._swarms[info_hash] = Swarm()
        peers = swarm.list_for(peer)
        index = peers.find(peer)
        is_new = index < 0
        was_seed = not is_new and peers.is_seed(index)
        if is_new:
            make_room(peers, peer)
            index = peers.add(peer, is_seed, mark(now, key))
        elif was_seed is not is_seed:
            index = peers.set_seed(index, is_seed)
        index = peers.refresh(index, mark(now, key), self._random)
        own = other = b""
        if numwant:
            own = peers.pick(peers.seeds if is_seed else 0, numwant, index, self._random)
            beside = swarm.list_beside(peer)
            if beside is not None and len(own) < numwant * peers.width:
                missing = numwant - len(own) // peers.width
                other = beside.pick(beside.seeds if is_seed else 0, missing, -1, self._random)
        four, six = (own, other) if peers.width == 6 else (other, own)
        has_changed = is_new or was_seed is not is_seed
        return Outcome(*swarm.count(), has_changed, was_seed, four, six)

    def remove(self, info_hash: bytes, peer: bytes, key: int) -> Outcome:
        """See `Store.remove`."""
        swarm = self._swarms.get(info_hash)
        if swarm is None:
            return NOTHING
        peers = swarm.list_for(peer)
        index = peers.find(peer)
        is_known = index >= 0 and peers.key(index) == key
        was_seed = is_known and peers.is_seed(index)
        if is_known:
            peers.remove(index)
        complete, incomplete = swarm.count()
        self._drop_if_empty(info_hash)
        return Outcome(complete, incomplete, is_known, was_seed, b"", b"")

    def count(self, info_hash: bytes) -> tuple[int, int]:
        """See `Store.count`."""
        swarm = self._swarms.get(info_hash)
        return (0, 0) if swarm is None else swarm.count()

    def drop(self, info_hash: bytes) -> None:
        """See `Store.drop`."""
        self._swarms.pop(info_hash, None)

    def expire(self, now: int, timeout: int, limit: int) -> Swept:
        """See `Store.expire`. A large swarm is swept in several slices."""
        tick, most_ticks = now // TICK % TICKS, timeout // TICK
        if not self._round:
            self._round = list(self._swarms)
        changed = set()
        while self._round and limit > 0:
            info_hash = self._round[-1]
            swarm = self._swarms.get(info_hash)
            if swarm is not None and not self._unswept:
                self._unswept = [(peers, len(peers)) for peers in swarm.lists()]
            while self._unswept and limit > 0:
                peers, stop = self._unswept.pop()
                stop = min(stop, len(peers))
                start = max(0, stop - limit)
                limit -= stop - start
                if peers.expire(start, stop, tick, most_ticks):
                    changed.add(info_hash)
                if start:
                    self._unswept.append((peers, start))
            if not self._unswept:
                limit -= 1
                self._round.pop()
                self._drop_if_empty(info_hash)
        return Swept(changed, not self._round)

    def _drop_if_empty(self, info_hash: bytes) -> None:
        swarm = self._swarms.get(info_hash)
        if swarm is not None and not any(swarm.lists()):
            del self._swarms[info_hash]


def make_room(peers: PeerList, peer: bytes) -> None:
    """Take out an older peer of the same address (IPv6: the same /64) if there are too many."""
    if len(peers) < MOST_AT_ONE_ADDRESS:
        return
    prefix = peer[:4] if len(peer) == 6 else peer[:8]
    if peers.peers.count(prefix) < MOST_AT_ONE_ADDRESS:
        return
    width = peers.width
    places = [
        place
        for place in range(0, len(peers.peers), width)
        if peers.peers.startswith(prefix, place)
    ]
    if len(places) >= MOST_AT_ONE_ADDRESS:
        peers.remove(places[0] // width)
