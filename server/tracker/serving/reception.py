"""Takes announces and scrapes of both protocols to the engine, asking the site where needed."""

from collections.abc import Awaitable

from ..core.engine import Engine
from ..core.errors import UnknownTorrentError
from ..core.messages import AnnounceReply, Event, ScrapeEntry
from .admission import Admission


class Reception:
    """Answers at once if it can; else the answer is an awaitable. Both may raise `TrackerError`."""

    passed_on = 0  # announces for which another process is asked (`serving.shared_reception`)

    def __init__(self, engine: Engine, admission: Admission) -> None:
        """Ask `admission` about what `engine` does not know."""
        self._engine = engine
        self._admission = admission

    def announce(
        self, info_hash: bytes, peer: bytes, event: Event, is_seed: bool, numwant: int, key: int
    ) -> AnnounceReply | Awaitable[AnnounceReply]:
        """See `Engine.announce`."""
        try:
            return self._engine.announce(info_hash, peer, event, is_seed, numwant, key)
        except UnknownTorrentError:
            if self._admission.is_known(info_hash):
                raise
        return self._announce_later(info_hash, peer, event, is_seed, numwant, key)

    def scrape(self, info_hashes: list[bytes]) -> list[ScrapeEntry] | Awaitable[list[ScrapeEntry]]:
        """See `Engine.scrape`."""
        if all(self._admission.is_known(info_hash) for info_hash in info_hashes):
            return self._engine.scrape(info_hashes)
        return self._scrape_later(info_hashes)

    async def _announce_later(
        self, info_hash: bytes, peer: bytes, event: Event, is_seed: bool, numwant: int, key: int
    ) -> AnnounceReply:
        await self._admission.ask([info_hash])
        reply = self._engine.announce(info_hash, peer, event, is_seed, numwant, key)
        return reply if isinstance(reply, AnnounceReply) else await reply

    async def _scrape_later(self, info_hashes: list[bytes]) -> list[ScrapeEntry]:
        await self._admission.ask(info_hashes)
        entries = self._engine.scrape(info_hashes)
        return entries if isinstance(entries, list) else await entries
