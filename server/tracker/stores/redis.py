"""Peers in Redis or Valkey, for trackers on many machines: all of them see the same swarms.

An announce is one round trip (`stores.calls`) and one script (`stores.scripts`). The keys of a
swarm share its info-hash as their tag, so a cluster spreads swarms over its machines. Redis itself
drops sets that nobody has announced to for long.
"""

import asyncio
from collections.abc import Callable, Iterator

from ..core.messages import SwarmDump
from ..core.store import Outcome, SwarmCount, Swept
from .calls import Calls, Reply, Script
from .scripts import ANNOUNCE, COUNT, DROP

LEAVES, SEED, LEECH, PARTIAL_SEED = range(4)
KEYS = 128  # different keys of clients (core.messages.Announce)
SPARE_SECONDS = 60  # that sets live longer than their last peer
PREFIX = "passalong:"


class RedisStore:
    """A `core.store.Store` whose answers are awaitables; its clock must be everybody's."""

    def __init__(self, calls: Calls, timeout: int, random: Callable[[], float]) -> None:
        """Peers that were silent for `timeout` seconds are forgotten; `random` as in memory."""
        self._calls = calls
        self._timeout = timeout
        self._random = random
        self._announce, self._count, self._drop = Script(ANNOUNCE), Script(COUNT), Script(DROP)
        # The swarms that this process has met and that had peers: seeds, others, IPv4, IPv6.
        self._met: dict[bytes, tuple[int, int, int, int]] = {}
        self._round: list[bytes] = []

    async def put(
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
        side = SEED if is_seed else PARTIAL_SEED if is_paused else LEECH
        return await self._tell(info_hash, peer, side, key, now, numwant)

    async def remove(self, info_hash: bytes, peer: bytes, key: int, now: int) -> Outcome:
        """See `Store.remove`."""
        return await self._tell(info_hash, peer, LEAVES, key, now, 0)

    async def count(self, info_hash: bytes, now: int, *, has_addresses: bool = False) -> SwarmCount:
        """See `Store.count`."""
        *sizes, addresses = await self._calls.run(
            self._count, keys(info_hash), (now - self._timeout) * KEYS, int(has_addresses)
        )
        complete, incomplete = self._meet(info_hash, sizes)
        return SwarmCount(complete, incomplete, sizes[2] + sizes[5], addresses)

    async def drop(self, info_hash: bytes) -> None:
        """See `Store.drop`."""
        self._met.pop(info_hash, None)
        await self._calls.run(self._drop, keys(info_hash))

    async def expire(self, now: int, timeout: int, limit: int) -> Swept:
        """Look at the next `limit` swarms that this process has met.

        Announces forget the silent ones by themselves; this is for swarms without announces.
        """
        if not self._round:
            self._round = list(self._met)
        looked, self._round = self._round[-limit:], self._round[:-limit]
        changed, emptied = [], []
        before = [self._met.get(each, (0, 0))[:2] for each in looked]
        counts = await asyncio.gather(*(self.count(each, now) for each in looked))
        for info_hash, numbers, count in zip(looked, before, counts, strict=True):
            if (count.complete, count.incomplete) != numbers:
                changed.append(info_hash)
                if not count.complete and not count.incomplete:
                    emptied.append(info_hash)
        return Swept(changed, emptied, not self._round)

    def dump(self) -> Iterator[SwarmDump]:
        """Nothing: the swarms outlive this process."""
        return iter(())

    def load(
        self, swarm: SwarmDump, dumped_at: int, seconds_ago: int, now: int, timeout: int
    ) -> None:
        """Nothing: the swarms are there."""

    def families(self) -> tuple[int, int]:
        """How many peers there are in the swarms that this process has met."""
        met = list(self._met.values())
        return sum(each[2] for each in met), sum(each[3] for each in met)

    async def _tell(
        self, info_hash: bytes, peer: bytes, side: int, key: int, now: int, numwant: int
    ) -> Outcome:
        is_ipv6 = len(peer) != 6
        four_first = keys(info_hash)
        reply = await self._calls.run(
            self._announce,
            four_first[3:] + four_first[:3] if is_ipv6 else four_first,
            *(peer, side, now * KEYS + key, (now - self._timeout) * KEYS),
            *(self._timeout + SPARE_SECONDS, numwant, int(self._random() * 2**31)),
        )
        return self._outcome(info_hash, side, is_ipv6, reply)

    def _outcome(self, info_hash: bytes, side: int, is_ipv6: bool, reply: Reply) -> Outcome:
        *sizes, was, forgotten, own, other = reply
        if is_ipv6:
            sizes, own, other = sizes[3:] + sizes[:3], other, own
        complete, incomplete = self._meet(info_hash, sizes)
        is_other_count = (was > LEAVES) != (side > LEAVES) or (was == SEED) != (side == SEED)
        has_changed = is_other_count or forgotten > 0
        return complete, incomplete, has_changed, was == SEED, own, other

    def _meet(self, info_hash: bytes, sizes: list[int]) -> tuple[int, int]:
        """Remember a swarm as it is now: its seeds and its others."""
        complete, four, six = sizes[0] + sizes[3], sum(sizes[:3]), sum(sizes[3:])
        incomplete = four + six - complete
        if four or six:
            self._met[info_hash] = (complete, incomplete, four, six)
        else:
            self._met.pop(info_hash, None)
        return complete, incomplete


def keys(info_hash: bytes) -> list[str]:
    """The names of a swarm's six sets, IPv4 first."""
    name = f"{PREFIX}{{{info_hash.hex()}}}:"
    return [f"{name}{family}{side}" for family in "46" for side in ("s", "l", "p")]
