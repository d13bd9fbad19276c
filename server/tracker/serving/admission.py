"""Asks the site about info-hashes that the engine does not know yet.

One question is asked at a time, about everything that came up meanwhile, so a flood of made-up
info-hashes costs a few questions in a second and a bounded number of bytes.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping

from ..core.engine import Engine
from ..core.errors import TrackerError

# From info-hashes to those among them that are welcome, each with its downloads until now.
AskSite = Callable[[Collection[bytes]], Awaitable[Mapping[bytes, int]]]

log = logging.getLogger(__name__)


class LookupFailedError(TrackerError):
    """Whether a torrent is welcome cannot be found out at the moment."""

    retry_in_minutes = 1

    def __init__(self) -> None:
        """Say so."""
        super().__init__("The tracker cannot look up this torrent now. Try again in a minute.")


class Admission:
    """The way in for a torrent that was published a moment ago."""

    def __init__(
        self,
        engine: Engine,
        ask_site: AskSite,
        clock: Callable[[], float],
        *,
        unknown_for: float = 1.0,
        most_unknown: int = 10_000,
        most_at_once: int = 500,
    ) -> None:
        """Answers of "no" are kept for `unknown_for` seconds."""
        self._engine = engine
        self._ask_site = ask_site
        self._clock = clock
        self._unknown_for = unknown_for
        self._most_unknown = most_unknown
        self._most_at_once = most_at_once
        self._unknown: dict[bytes, float] = {}  # until when; the oldest first
        self._waiting: dict[bytes, asyncio.Future[None]] = {}
        self._asking: asyncio.Task[None] | None = None

    def is_known(self, info_hash: bytes) -> bool:
        """Whether asking would tell nothing new: it is welcome, or was unknown a moment ago."""
        return self._engine.is_welcome(info_hash) or self._unknown.get(info_hash, 0) > self._clock()

    async def ask(self, info_hashes: Iterable[bytes]) -> None:
        """Find out about info-hashes; afterwards the engine welcomes those that are."""
        answers = [self._answer(each) for each in set(info_hashes) if not self.is_known(each)]
        if answers:
            # Another announce may wait for the same answer: no one may cancel it for all.
            await asyncio.shield(asyncio.gather(*answers))

    def _answer(self, info_hash: bytes) -> asyncio.Future[None]:
        answer = self._waiting.get(info_hash)
        if answer is None:
            if len(self._waiting) >= self._most_unknown:
                raise LookupFailedError
            answer = self._waiting[info_hash] = asyncio.get_running_loop().create_future()
            if self._asking is None or self._asking.done():
                self._asking = asyncio.create_task(self._ask_all())
        return answer

    async def _ask_all(self) -> None:
        while self._waiting:
            asked = list(self._waiting)[: self._most_at_once]
            try:
                welcome = await self._ask_site(asked)
            except Exception:
                log.exception("Cannot ask the site about %d torrents", len(asked))
                for info_hash in asked:
                    self._waiting.pop(info_hash).set_exception(LookupFailedError())
                continue
            for info_hash in asked:
                self._learn(info_hash, welcome.get(info_hash))
                self._waiting.pop(info_hash).set_result(None)

    def _learn(self, info_hash: bytes, downloaded: int | None) -> None:
        self._unknown.pop(info_hash, None)
        if downloaded is not None:
            self._engine.welcome(info_hash, downloaded)
            return
        if len(self._unknown) >= self._most_unknown:
            del self._unknown[next(iter(self._unknown))]
        self._unknown[info_hash] = self._clock() + self._unknown_for
