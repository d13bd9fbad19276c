"""The tracker's UDP sockets: packets in, replies out.

On Linux many packets are taken and sent with one system call each (`serving.batches`); elsewhere,
and where the C library has no such call, asyncio does it packet by packet.
"""

import asyncio
import logging
from collections.abc import Awaitable
from socket import AF_INET6, inet_pton, socket
from typing import cast

from .batches import PACKET, Ancillary, Answer, Batches, Name, has_batches

MOST_UNANSWERED = 10_000

log = logging.getLogger(__name__)


class Datagrams:
    """One UDP socket."""

    def __init__(self, socket: socket, answer: Answer) -> None:
        """Answer what comes with `answer`, once started."""
        self._socket = socket
        self._answer = answer
        self._later: set[asyncio.Future[None]] = set()
        self._transport: asyncio.BaseTransport | None = None

    async def start(self) -> None:
        """Listen."""
        loop = asyncio.get_running_loop()
        if has_batches():
            batches = Batches(self._socket, self._answer, self._reply_later)
            loop.add_reader(self._socket.fileno(), batches.receive)
        else:
            self._transport, _ = await loop.create_datagram_endpoint(
                lambda: _Protocol(self), sock=self._socket
            )

    def stop(self) -> None:
        """Listen no more."""
        for each in self._later:
            each.cancel()
        if self._transport is not None:
            self._transport.close()
        else:
            asyncio.get_running_loop().remove_reader(self._socket.fileno())
            self._socket.close()

    def received(self, packet: bytes, name: Name) -> None:
        """Answer one packet, sent from the socket called `name`."""
        reply = bytearray(PACKET)
        try:
            size = self._answer(bytearray(packet), 0, len(packet), packed_name(name), reply)
        except Exception:
            log.exception("A packet could not be answered")
            return
        if not isinstance(size, int):
            self._reply_later(size, name)
        elif size:
            self._send(bytes(reply[:size]), name, [])

    def _reply_later(
        self, reply: Awaitable[bytes], name: Name, ancillary: Ancillary | None = None
    ) -> None:
        if len(self._later) >= MOST_UNANSWERED:
            if asyncio.iscoroutine(reply):
                reply.close()
            return
        task = asyncio.ensure_future(self._wait_and_send(reply, name, ancillary or []))
        self._later.add(task)  # the loop itself keeps only weak references
        task.add_done_callback(self._later.discard)

    async def _wait_and_send(
        self, reply: Awaitable[bytes], name: Name, ancillary: Ancillary
    ) -> None:
        try:
            text = await reply
        except Exception:
            log.exception("A packet could not be answered")
            return
        if text:
            self._send(text, name, ancillary)

    def _send(self, reply: bytes, name: Name, ancillary: Ancillary) -> None:
        if self._transport is not None:
            cast("asyncio.DatagramTransport", self._transport).sendto(reply, name)
            return
        try:
            self._socket.sendmsg([reply], ancillary, 0, name)
        except OSError as error:
            # The way back is full or gone; a datagram may always get lost.
            log.debug("A reply was not sent: %s", error)


class _Protocol(asyncio.DatagramProtocol):
    def __init__(self, datagrams: Datagrams) -> None:
        self._datagrams = datagrams

    def datagram_received(self, data: bytes, addr: Name) -> None:
        self._datagrams.received(data, addr)


def packed_name(name: Name) -> bytes:
    """The 4 or 16 bytes of a sender's address."""
    if ":" in name[0]:
        return inet_pton(AF_INET6, name[0].partition("%")[0])
    return bytes(map(int, name[0].split(".")))
