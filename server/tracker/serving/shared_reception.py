"""The reception of one of several processes: passes on what belongs to another one.

UDP packets reach their process at once (`serving.steering`). Of HTTP the kernel knows no more than
who is connected, so most of these announces are passed on.
"""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence

from ..core.engine import Engine
from ..core.messages import AnnounceReply, Event, ScrapeEntry
from ..core.shares import Share
from .admission import Admission
from .books import settled
from .reception import Reception
from .siblings import Sibling


class SharedReception(Reception):
    """Answers for the torrents of its own share, and has the owners of the others answer."""

    def __init__(
        self, engine: Engine, admission: Admission, share: Share, siblings: Mapping[int, Sibling]
    ) -> None:
        """`siblings` are the other processes by their numbers."""
        super().__init__(engine, admission)
        self._share = share
        self._first, self._end = share.first, share.end
        self._siblings = siblings
        self.passed_on = 0

    def announce(
        self, info_hash: bytes, peer: bytes, event: Event, is_seed: bool, numwant: int, key: int
    ) -> AnnounceReply | Awaitable[AnnounceReply]:
        """See `Engine.announce`."""
        if not self._first <= info_hash < self._end:
            self.passed_on += 1
            owner = self._siblings[self._share.owner(info_hash)]
            return owner.announce(info_hash, peer, event, is_seed, numwant, key)
        return super().announce(info_hash, peer, event, is_seed, numwant, key)

    def scrape(self, info_hashes: list[bytes]) -> list[ScrapeEntry] | Awaitable[list[ScrapeEntry]]:
        """See `Engine.scrape`."""
        wanted: dict[int, list[bytes]] = {}
        for info_hash in info_hashes:
            wanted.setdefault(self._share.owner(info_hash), []).append(info_hash)
        here = wanted.pop(self._share.index, [])
        if not wanted:
            return super().scrape(here)
        elsewhere = [self._siblings[owner].scrape(asked) for owner, asked in wanted.items()]
        return joined([super().scrape(here), *elsewhere])


async def joined(
    parts: Sequence[list[ScrapeEntry] | Awaitable[list[ScrapeEntry]]],
) -> list[ScrapeEntry]:
    """The entries of all parts."""
    found = await asyncio.gather(*map(settled, parts))
    return [entry for entries in found for entry in entries]
