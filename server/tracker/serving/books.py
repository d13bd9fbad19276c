"""Keeps the site's books while the tracker runs: numbers go out, refusals come in."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from typing import TypeVar

from ..core.engine import Engine
from ..core.messages import Counts

T = TypeVar("T")

RecordCounts = Callable[[Collection[Counts], datetime], Awaitable[None]]
RefusedSince = Callable[[datetime], Awaitable[list[bytes]]]

# A refusal may be saved long after the moment it bears, and the site's clock may be another.
OVERLAP = timedelta(minutes=10)

log = logging.getLogger(__name__)


class Books:
    """What the engine and the database have to tell each other."""

    def __init__(
        self,
        engine: Engine,
        record_counts: RecordCounts,
        refused_since: RefusedSince,
        wall_clock: Callable[[], datetime],
    ) -> None:
        """Start with nothing to tell."""
        self._engine = engine
        self._record_counts = record_counts
        self._refused_since = refused_since
        self._wall_clock = wall_clock
        self._unsaved: dict[bytes, Counts] = {}
        self._looked_at = wall_clock()

    async def write_counts(self) -> None:
        """Save what has changed; what cannot be saved now is kept for the next time."""
        for counts in await settled(self._engine.counts()):
            before = self._unsaved.get(counts.info_hash)
            completions = counts.completions + (before.completions if before else 0)
            self._unsaved[counts.info_hash] = counts._replace(completions=completions)
        if not self._unsaved:
            return
        try:
            await self._record_counts(list(self._unsaved.values()), self._wall_clock())
        except Exception:
            log.exception("Cannot save the numbers of %d swarms yet", len(self._unsaved))
        else:
            self._unsaved.clear()

    async def read_refusals(self) -> None:
        """Refuse what the site has refused since this was last done."""
        now = self._wall_clock()
        try:
            refused = await self._refused_since(self._looked_at - OVERLAP)
        except Exception:
            log.exception("Cannot see what the site refuses")
            return
        self._looked_at = now
        for info_hash in refused:
            await settled(self._engine.refuse(info_hash))


async def repeat(deed: Callable[[], Awaitable[None]], seconds: float) -> None:
    """Do something again and again, with so many seconds in between."""
    while True:
        await asyncio.sleep(seconds)
        await deed()


async def every(seconds: float, deed: Callable[[], None]) -> None:
    """The same for what needs no waiting."""
    while True:
        await asyncio.sleep(seconds)
        deed()


async def settled(value: T | Awaitable[T]) -> T:
    """What a store says at once or later (`core.store`)."""
    return await value if isinstance(value, Awaitable) else value


async def expire(engine: Engine, *, limit: int = 1000) -> None:
    """Forget all silent peers, a slice at a time, so that announces are answered in between."""
    while not await settled(engine.expire(limit)):
        await asyncio.sleep(0)
