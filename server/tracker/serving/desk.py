"""From a request to the body of its reply: at once, or after the site has been asked."""

from collections.abc import Awaitable
from http import HTTPStatus

from ..core.engine import Engine
from ..core.errors import TrackerError, UnknownTorrentError
from ..core.messages import Announce
from ..wire.announces import read_announce, write_announce_reply
from ..wire.failures import write_failure
from ..wire.http import HttpError, Request
from ..wire.scrapes import read_scrape, write_scrape_reply
from .admission import Admission


class Desk:
    """Where requests are answered, whichever connection they came by."""

    def __init__(self, engine: Engine, admission: Admission) -> None:
        """Answer with what the engine says."""
        self._engine = engine
        self._admission = admission

    def answer(self, request: Request, address: bytes) -> bytes | Awaitable[bytes]:
        """The reply's body; `address` is the sender's, 4 or 16 bytes."""
        try:
            if request.path == b"/announce":
                return self._announce(request.query, address)
            if request.path == b"/scrape":
                return self._scrape(request.query)
        except TrackerError as error:
            return write_failure(str(error))
        raise HttpError(
            HTTPStatus.NOT_FOUND, "This is a torrent tracker. It answers at /announce and /scrape."
        )

    def _announce(self, query: bytes, address: bytes) -> bytes | Awaitable[bytes]:
        announce, is_compact = read_announce(query, address)
        try:
            reply = self._engine.announce(announce)
        except UnknownTorrentError:
            if self._admission.is_known(announce.info_hash):
                raise
            return self._announce_later(announce, address, is_compact=is_compact)
        return write_announce_reply(reply, address, is_compact=is_compact)

    async def _announce_later(
        self, announce: Announce, address: bytes, *, is_compact: bool
    ) -> bytes:
        try:
            await self._admission.ask([announce.info_hash])
            reply = self._engine.announce(announce)
        except TrackerError as error:
            return write_failure(str(error))
        return write_announce_reply(reply, address, is_compact=is_compact)

    def _scrape(self, query: bytes) -> bytes | Awaitable[bytes]:
        info_hashes = read_scrape(query)
        if all(self._admission.is_known(info_hash) for info_hash in info_hashes):
            return write_scrape_reply(self._engine.scrape(info_hashes))
        return self._scrape_later(info_hashes)

    async def _scrape_later(self, info_hashes: list[bytes]) -> bytes:
        try:
            await self._admission.ask(info_hashes)
        except TrackerError as error:
            return write_failure(str(error))
        return write_scrape_reply(self._engine.scrape(info_hashes))
