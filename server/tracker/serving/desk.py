"""From a request to the body of its reply: at once, or after the site has been asked."""

from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus

from ..core.addresses import Network, is_loopback
from ..core.errors import TrackerError
from ..core.messages import AnnounceReply, ScrapeEntry
from ..wire.announces import read_announce, write_announce_reply
from ..wire.failures import write_failure
from ..wire.http import HttpError, Request
from ..wire.scrapes import read_scrape, write_scrape_reply
from .limits import Limits
from .reception import Reception


class TooOftenError(TrackerError):
    """An address asks for more than many people together do."""

    retry_in_minutes = 1

    def __init__(self) -> None:
        """Say so."""
        super().__init__("Too many requests come from your address. Try again in a minute.")


class Desk:
    """Where requests are answered, whichever connection they came by."""

    def __init__(
        self,
        reception: Reception,
        limits: Limits,
        trusted: Sequence[Network] = (),
        metrics: Callable[[], bytes | Awaitable[bytes]] | None = None,
    ) -> None:
        """Answer with what the reception says; `metrics` are told to this machine only."""
        self._trusted = trusted
        self._reception = reception
        self._limits = limits
        self._metrics = metrics

    def answer(self, request: Request, address: bytes) -> bytes | Awaitable[bytes]:
        """The reply's body; `address` is the sender's, 4 or 16 bytes."""
        try:
            if address[0] != 127 and self._limits.is_exceeded(address):
                raise TooOftenError
            if request.path == b"/announce":
                return self._announce(request.query, address)
            if request.path == b"/scrape":
                return self._scrape(request.query)
        except TrackerError as error:
            return write_failure(error)
        if request.path == b"/metrics" and self._metrics is not None and is_loopback(address):
            return self._metrics()
        raise HttpError(
            HTTPStatus.NOT_FOUND, "This is a torrent tracker. It answers at /announce and /scrape."
        )

    def _announce(self, query: bytes, address: bytes) -> bytes | Awaitable[bytes]:
        announce, is_compact = read_announce(query, address, self._trusted)
        reply = self._reception.announce(*announce)
        if type(reply) is AnnounceReply:
            return write_announce_reply(reply, address, is_compact=is_compact)
        assert not isinstance(reply, AnnounceReply)
        return self._announce_later(reply, address, is_compact=is_compact)

    def _scrape(self, query: bytes) -> bytes | Awaitable[bytes]:
        entries = self._reception.scrape(read_scrape(query))
        if isinstance(entries, list):
            return write_scrape_reply(entries)
        return self._scrape_later(entries)

    async def _announce_later(
        self, reply: Awaitable[AnnounceReply], address: bytes, *, is_compact: bool
    ) -> bytes:
        try:
            return write_announce_reply(await reply, address, is_compact=is_compact)
        except TrackerError as error:
            return write_failure(error)

    async def _scrape_later(self, entries: Awaitable[list[ScrapeEntry]]) -> bytes:
        try:
            return write_scrape_reply(await entries)
        except TrackerError as error:
            return write_failure(error)
