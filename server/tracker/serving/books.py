"""Keeps the site's books while the tracker runs: numbers go out, refusals come in."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from ..core.engine import Engine
from ..core.messages import Counts
from .journal import Journal

T = TypeVar("T")

RefusedSince = Callable[[datetime], Awaitable[list[bytes]]]
DownloadsSince = Callable[[datetime], Awaitable[dict[bytes, int]]]

# A refusal may be saved long after the moment it bears, and the site's clock may be another.
OVERLAP = timedelta(minutes=10)
MOST_ROWS = 2000  # how many swarms are written at once, so that a crowd of them does not block

log = logging.getLogger(__name__)


class RecordCounts(Protocol):
    """Writes to the database, all or nothing (`services.record_counts`)."""

    def __call__(
        self,
        counts: Collection[Counts],
        now: datetime,
        completions: Mapping[bytes, int],
        journals: Collection[str],
    ) -> Awaitable[None]:
        """Do it."""
        ...


class Books:
    """What the engine and the database have to tell each other."""

    def __init__(
        self,
        engine: Engine,
        journal: Journal,
        record_counts: RecordCounts,
        refused_since: RefusedSince,
        wall_clock: Callable[[], datetime],
        downloads_since: DownloadsSince | None = None,
    ) -> None:
        """Start with nothing to tell; `downloads_since` is for when other trackers count too."""
        self._engine = engine
        self._journal = journal
        self._record_counts = record_counts
        self._refused_since = refused_since
        self._wall_clock = wall_clock
        self._downloads_since = downloads_since
        self._read_downloads_at = self._looked_at = wall_clock()
        self._unsaved: dict[bytes, Counts] = {}
        self._completions: dict[bytes, int] = {}
        self._journals: list[str] = []
        self._writing = asyncio.Lock()
        self.counted_journals: list[str] = []

    async def write_counts(self, limit: int = MOST_ROWS) -> None:
        """Save what has changed; what cannot be saved now is kept for the next time.

        Of the swarms at most `limit`, the longest changed first; of the completions all. Who is
        cancelled here leaves the rest of the work going on, and the next one waits for it: half
        of it could not be told from none.
        """
        await asyncio.shield(self._write_counts(limit))

    async def _write_counts(self, limit: int) -> None:
        async with self._writing:
            await self._write_counts_alone(limit)
            if self._downloads_since is not None and not self._completions:
                await self._read_downloads(self._downloads_since)

    async def _write_counts_alone(self, limit: int) -> None:
        # No announce comes between these two: what is in the journal is what is counted.
        for info_hash, number in self._engine.completions().items():
            self._completions[info_hash] = self._completions.get(info_hash, 0) + number
        if name := self._journal.turn():
            self._journals.append(name)
        for counts in await settled(self._engine.counts(limit)):
            self._unsaved[counts.info_hash] = counts
        if not self._unsaved and not self._completions:
            return
        try:
            await self._record_counts(
                list(self._unsaved.values()), self._wall_clock(), self._completions, self._journals
            )
        except Exception:
            log.exception("Cannot save the numbers of %d swarms yet", len(self._unsaved))
            return
        for name in self._journals:
            self._journal.forget(name)
        self.counted_journals += self._journals
        self._unsaved, self._completions, self._journals = {}, {}, []

    async def _read_downloads(self, downloads_since: DownloadsSince) -> None:
        """Take over what other trackers have added."""
        now = self._wall_clock()
        try:
            downloads = await downloads_since(self._read_downloads_at - OVERLAP)
        except Exception:
            log.exception("Cannot see what other trackers count")
            return
        self._read_downloads_at = now
        for info_hash, downloaded in downloads.items():
            self._engine.correct_downloads(info_hash, downloaded)

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
        try:
            await deed()
        except Exception:
            log.exception("A chore failed; it will be tried again")


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
