"""HTTP connections to the tracker: bytes in, replies out, and how long anybody may take."""

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from http import HTTPStatus
from ipaddress import ip_address
from socket import inet_aton, socket
from typing import cast

from server.site.proxies import Network, client_address

from ..wire.http import HttpError, Request, read_request, write_error, write_reply
from .desk import Desk

SECONDS_FOR_A_REQUEST = 10
SECONDS_BETWEEN_REQUESTS = 60
SECONDS_TO_READ_AN_ERROR = 2

Remote = tuple[str, int] | tuple[str, int, int, int]  # as sockets name it
Adopted = tuple[asyncio.Transport, "HttpConnection"]

log = logging.getLogger(__name__)


class HttpServer:
    """All connections together; closes those that are late."""

    def __init__(self, desk: Desk, trusted: Sequence[Network]) -> None:
        """`trusted` are the proxies whose X-Forwarded-For is believed, beside this machine."""
        self.desk = desk
        self.trusted = trusted
        self.connections: set[HttpConnection] = set()
        self.answers: set[asyncio.Future[None]] = set()
        self.adoptions: set[asyncio.Task[Adopted]] = set()

    def connection(self) -> "HttpConnection":
        """A new connection, as asyncio wants to have it made."""
        return HttpConnection(self)

    def address_of(self, remote: str, request: Request) -> bytes:
        """Who really asks, if a proxy says so."""
        return packed(client_address(remote, request.forwarded_for, self.trusted))

    def adopt(self, accepted: socket, received: bytes) -> None:
        """Go on with an accepted connection from which some bytes have been read."""
        loop = asyncio.get_running_loop()
        adoption = loop.create_task(
            loop.connect_accepted_socket(lambda: HttpConnection(self, received), accepted)
        )
        self.adoptions.add(adoption)
        adoption.add_done_callback(self._adopted)

    def _adopted(self, adoption: "asyncio.Task[Adopted]") -> None:
        self.adoptions.discard(adoption)
        if not adoption.cancelled() and (error := adoption.exception()) is not None:
            log.debug("A connection was gone before it was looked at: %s", error)

    async def close_late_connections(self) -> None:
        """Look every second who is late: one timer for all is cheaper than one for each."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(1)
            now = loop.time()
            for connection in [each for each in self.connections if each.deadline < now]:
                connection.transport.abort()


class HttpConnection(asyncio.Protocol):
    """One connection, which may carry many requests one after the other."""

    transport: asyncio.Transport

    def __init__(self, server: HttpServer, received: bytes = b"") -> None:
        """Wait to be connected; `received` came before that."""
        self._server = server
        self._first = received
        self._loop = asyncio.get_running_loop()
        self._received = bytearray()
        self._remote = ""
        self._address = b""
        self._is_answering = False  # the site is being asked
        self._is_full = False  # the other side does not take the replies
        self._is_over = False  # nothing that still comes is answered
        self.deadline = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember who connected."""
        # uvloop's transports have the methods of asyncio's but are no subclass of it.
        self.transport = cast("asyncio.Transport", transport)
        # A connection that is gone again before it is looked at has no name any more.
        name = transport.get_extra_info("peername") or ("0.0.0.0", 0)  # noqa: S104
        self._remote = name[0]
        self._address = packed(self._remote)
        self.deadline = self._loop.time() + SECONDS_FOR_A_REQUEST
        self._server.connections.add(self)
        if self._first:
            self.data_received(self._first)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._is_over = True
        self._server.connections.discard(self)

    def data_received(self, data: bytes) -> None:
        """Answer what is complete."""
        if self._is_over:
            return
        if not self._received:
            if not (self._is_answering or self._is_full) and self._answer_whole(data):
                return
            self.deadline = self._loop.time() + SECONDS_FOR_A_REQUEST
        self._received += data
        self._answer_requests()

    def pause_writing(self) -> None:
        """Make no more replies for somebody who does not take them."""
        self._is_full = True
        self.transport.pause_reading()

    def resume_writing(self) -> None:
        """Go on."""
        self._is_full = False
        self._go_on()

    def _answer_whole(self, data: bytes) -> bool:
        """Answer what is exactly one request, as it nearly always comes."""
        try:
            found = read_request(data)
            if found is None or found[1] != len(data):
                return False
            self._answer(found[0])
        except HttpError as error:
            self._refuse(error)
        return True

    def _answer(self, request: Request) -> None:
        address = self._address_of(request) if request.forwarded_for else self._address
        body = self._server.desk.answer(request, address)
        if isinstance(body, bytes):
            self._reply(body, request)
        else:
            self._reply_later(body, request)

    def _answer_requests(self) -> None:
        try:
            while not (self._is_answering or self._is_full or self._is_over):
                found = read_request(self._received)
                if found is None:
                    return
                request, size = found
                del self._received[:size]
                self._answer(request)
        except HttpError as error:
            self._refuse(error)

    def _address_of(self, request: Request) -> bytes:
        return self._server.address_of(self._remote, request)

    def _reply(self, body: bytes, request: Request) -> None:
        self.transport.write(write_reply(body, is_last=request.is_last))
        if request.is_last:
            self._is_over = True
            self.transport.close()
        elif not self._received:
            self.deadline = self._loop.time() + SECONDS_BETWEEN_REQUESTS

    def _reply_later(self, body: Awaitable[bytes], request: Request) -> None:
        self._is_answering = True
        self.transport.pause_reading()
        self.deadline = self._loop.time() + SECONDS_BETWEEN_REQUESTS
        answer = asyncio.ensure_future(self._wait_and_reply(body, request))
        self._server.answers.add(answer)  # the loop itself keeps only weak references
        answer.add_done_callback(self._server.answers.discard)

    async def _wait_and_reply(self, body: Awaitable[bytes], request: Request) -> None:
        try:
            text = await body
        except Exception:
            log.exception("An answer failed")
            self._refuse(HttpError(HTTPStatus.INTERNAL_SERVER_ERROR, "The tracker failed."))
            return
        self._is_answering = False
        if not self._is_over:
            self._reply(text, request)
            self._go_on()

    def _go_on(self) -> None:
        if not (self._is_answering or self._is_full or self.transport.is_closing()):
            self.transport.resume_reading()
            self._answer_requests()

    def _refuse(self, error: HttpError) -> None:
        """Say why and hang up, but gently.

        Closing with unread bytes resets the connection, and the other side would never read why.
        """
        if self._is_over:
            return
        self._is_over = True
        self._received.clear()
        self.deadline = self._loop.time() + SECONDS_TO_READ_AN_ERROR
        self.transport.write(write_error(error))
        self.transport.resume_reading()
        self.transport.write_eof()


def packed(address: str) -> bytes:
    """The 4 or 16 bytes of an address."""
    if ":" not in address:
        return inet_aton(address)
    parsed = ip_address(address)
    return (getattr(parsed, "ipv4_mapped", None) or parsed).packed
