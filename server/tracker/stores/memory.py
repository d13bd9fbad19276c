"""Peers in this process's memory: the usual store, where one machine is enough."""

import sys
from array import array
from collections.abc import Callable, Iterator

from ..core.messages import SwarmDump
from ..core.store import Outcome, SwarmCount, Swept
from .peer_list import PAUSED, TICK, TICK_BITS, TICKS, PeerList

# More peers of one swarm than this at one address are no household and no office.
MOST_AT_ONE_ADDRESS = 128
CHECKING = 0.125  # how many of the newcomers have the peers at their address counted
MIXING = 0.125  # how many of the announces move their peer to another place

HIGH = 1 if sys.byteorder == "little" else 0  # which byte of a mark is the time


class MemoryStore:
    """A `core.store.Store` in two dictionaries of byte arrays, one for each address family."""

    def __init__(self, random: Callable[[], float]) -> None:
        """Start empty; `random` gives numbers from 0 to below 1."""
        self._random = random
        self._four: dict[bytes, PeerList] = {}
        self._six: dict[bytes, PeerList] = {}
        self._round: list[bytes] = []
        self._unswept: list[tuple[PeerList, int]] = []

    def put(
        self,
        info_hash: bytes,
        peer: bytes,
        is_seed: bool,
        is_paused: bool,
        key: int,
        now: int,
        numwant: int,
    ) -> Outcome:
        """See `Store.put`."""
        width = len(peer)
        swarms, others = (self._four, self._six) if width == 6 else (self._six, self._four)
        peers = swarms.get(info_hash)
        if peers is None:
            peers = swarms[info_hash] = PeerList(width)
        mark = (now & TICK_BITS) << 4 | is_paused << 7 | key  # `peer_list.mark`
        chance = self._random()
        # `PeerList.find`, once more: calling it would cost as much as all but finding.
        place = peers.peers.rfind(peer)
        while place > 0 and place % width:
            place = peers.peers.rfind(peer, 0, place + width - 1)
        if place < 0:
            if len(peers.marks) >= MOST_AT_ONE_ADDRESS and chance < CHECKING:
                chance /= CHECKING
                make_room(peers, peer)
            was_seed, has_changed = False, True
            index = peers.add(peer, is_seed, mark, chance)
        else:
            index = place // width
            was_seed = index < peers.seeds
            has_changed = was_seed is not is_seed
            if has_changed or is_paused or peers.paused:
                index = peers.update(index, is_seed, mark)
            else:  # all that nearly every announce needs of that
                peers.marks[index] = mark
            if chance < MIXING:
                index = peers.mix(index, chance / MIXING)
        seeds = complete = peers.seeds
        total = len(peers.marks)
        own = other = b""
        if numwant:
            own = peers.pick(seeds if is_seed else 0, numwant, index, self._random())
        if others and (beside := others.get(info_hash)) is not None:
            complete += beside.seeds
            total += len(beside.marks)
            if len(own) < numwant * width:
                missing = numwant - len(own) // width
                other = beside.pick(beside.seeds if is_seed else 0, missing, -1, chance)
        four, six = (own, other) if width == 6 else (other, own)
        return complete, total - complete, has_changed, was_seed, four, six

    def remove(self, info_hash: bytes, peer: bytes, key: int, now: int) -> Outcome:
        """See `Store.remove`."""
        swarms = self._four if len(peer) == 6 else self._six
        peers = swarms.get(info_hash)
        index = -1 if peers is None else peers.find(peer)
        is_known = was_seed = False
        if peers is not None and index >= 0 and peers.key(index) == key:
            is_known, was_seed = True, peers.is_seed(index)
            peers.remove(index)
            if not peers:
                del swarms[info_hash]
        complete, total = self._totals(info_hash)
        return complete, total - complete, is_known, was_seed, b"", b""

    def count(self, info_hash: bytes, now: int, *, has_addresses: bool = False) -> SwarmCount:
        """See `Store.count`."""
        complete, total = self._totals(info_hash)
        lists = self._lists(info_hash)
        paused = sum(peers.paused for peers in lists)
        addresses = sum(peers.addresses_of_seeds() for peers in lists) if has_addresses else 0
        return SwarmCount(complete, total - complete, paused, addresses)

    def drop(self, info_hash: bytes) -> None:
        """See `Store.drop`."""
        self._four.pop(info_hash, None)
        self._six.pop(info_hash, None)

    def expire(self, now: int, timeout: int, limit: int) -> Swept:
        """See `Store.expire`. A large swarm is swept in several slices."""
        tick, most_ticks = now // TICK % TICKS, timeout // TICK
        if not self._round:
            self._round = list({**self._four, **self._six})
        changed: set[bytes] = set()
        emptied: set[bytes] = set()
        while self._round and limit > 0:
            info_hash = self._round[-1]
            if not self._unswept:
                self._unswept = [(peers, len(peers)) for peers in self._lists(info_hash)]
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
                if self._drop_if_empty(info_hash):
                    emptied.add(info_hash)
        return Swept(changed, emptied, not self._round)

    def families(self) -> tuple[int, int]:
        """How many peers there are by IPv4 and by IPv6."""
        four = sum(len(peers) for peers in list(self._four.values()))
        return four, sum(len(peers) for peers in list(self._six.values()))

    def dump(self) -> Iterator[SwarmDump]:
        """See `Store.dump`."""
        for is_ipv6, swarms in ((False, self._four), (True, self._six)):
            for info_hash in list(swarms):
                peers = swarms.get(info_hash)
                if peers is not None:
                    marks = peers.marks.tobytes()
                    yield SwarmDump(info_hash, is_ipv6, peers.seeds, bytes(peers.peers), marks)

    def load(
        self, swarm: SwarmDump, dumped_at: int, seconds_ago: int, now: int, timeout: int
    ) -> None:
        """See `Store.load`. A swarm that is here already is replaced."""
        later = seconds_ago // TICK
        most_ticks = timeout // TICK - later
        if most_ticks < 0:
            return
        peers = PeerList(18 if swarm.is_ipv6 else 6)
        peers.peers[:] = swarm.peers
        peers.marks = array("H", swarm.marks)
        peers.seeds = swarm.seeds
        peers.paused = sum(mark & PAUSED != 0 for mark in peers.marks)
        peers.expire(0, len(peers), dumped_at // TICK % TICKS, most_ticks)
        shift = now // TICK - dumped_at // TICK - later
        marks = bytearray(peers.marks.tobytes())
        times = bytes((time + shift) % TICKS for time in range(TICKS))
        marks[HIGH::2] = marks[HIGH::2].translate(times)
        peers.marks = array("H", bytes(marks))
        if peers:
            (self._six if swarm.is_ipv6 else self._four)[swarm.info_hash] = peers

    def _lists(self, info_hash: bytes) -> list[PeerList]:
        found = (self._four.get(info_hash), self._six.get(info_hash))
        return [peers for peers in found if peers is not None]

    def _totals(self, info_hash: bytes) -> tuple[int, int]:
        lists = self._lists(info_hash)
        return sum(peers.seeds for peers in lists), sum(len(peers) for peers in lists)

    def _drop_if_empty(self, info_hash: bytes) -> bool:
        for swarms in (self._four, self._six):
            peers = swarms.get(info_hash)
            if peers is not None and not peers:
                del swarms[info_hash]
        return info_hash not in self._four and info_hash not in self._six


def make_room(peers: PeerList, peer: bytes) -> None:
    """Take out peers of the same address (IPv6: the same /64) as far as there are too many."""
    prefix = peer[:4] if len(peer) == 6 else peer[:8]
    if peers.peers.count(prefix) < MOST_AT_ONE_ADDRESS:
        return
    width = peers.width
    places = [
        place
        for place in range(0, len(peers.peers), width)
        if peers.peers.startswith(prefix, place)
    ]
    for place in reversed(places[MOST_AT_ONE_ADDRESS - 1 :]):
        peers.remove(place // width)
