"""Connections that bring one request and want to be closed: what nearly all torrent clients do.

They are answered where they are accepted, with five system calls and no transport of the event
loop, which would cost more than the announce. The listening socket hands its TCP_CORK on to them:
the kernel keeps a reply back until the connection is closed, a moment later, and so reply and end
leave in one packet, which saves a tenth of all that an announce costs. Whatever else comes goes to
`serving.http`.
"""

import asyncio
import errno
import logging
import os
import socket
from collections.abc import Awaitable
from functools import partial
from http import HTTPStatus

from ..wire.http import HttpError, read_request, write_error, write_reply
from .http import HttpServer, Remote, packed

FIRST_BYTES = 4096  # whoever sends more is served elsewhere
SECONDS_FOR_FIRST_BYTES = 5
SECONDS_WITHOUT_DESCRIPTORS = 1
MOST_AT_ONCE = 32  # connections before others get their turn

log = logging.getLogger(__name__)


def can_accept() -> bool:
    """Whether the kernel can keep a connection back until its first bytes are there."""
    return hasattr(socket, "TCP_DEFER_ACCEPT")


class Acceptor:
    """One listening socket."""

    def __init__(self, listening: socket.socket, server: HttpServer) -> None:
        """Accept nothing before `start`."""
        self._listening = listening
        self._server = server
        self._loop = asyncio.get_running_loop()
        self._expected = 1  # connections that may be waiting
        self._later: set[asyncio.Task[bytes]] = set()
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, SECONDS_FOR_FIRST_BYTES)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)

    def start(self) -> None:
        """Accept connections from now on."""
        self._loop.add_reader(self._listening.fileno(), self._accept)

    def stop(self) -> None:
        """Accept no more."""
        self._loop.remove_reader(self._listening.fileno())
        self._listening.close()
        for task in self._later:
            task.cancel()

    def _accept(self) -> None:
        """Accept as many connections as there may be, going by how many there were before."""
        # What `accept` calls too, without making an object for a connection that is soon gone.
        accept = self._listening._accept  # type: ignore[attr-defined]  # noqa: SLF001
        for number in range(self._expected):
            try:
                descriptor, name = accept()
            except BlockingIOError:
                self._expected = max(1, number)
                return
            except OSError as error:
                if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS):
                    self._wait_for_descriptors(error)
                return
            try:
                self._receive(descriptor, name)
            except OSError:
                os.close(descriptor)  # the other side is gone
        self._expected = min(2 * self._expected, MOST_AT_ONCE)

    def _receive(self, descriptor: int, name: Remote) -> None:
        os.set_blocking(descriptor, False)
        try:
            received = os.read(descriptor, FIRST_BYTES)
        except BlockingIOError:
            self._adopt(descriptor, b"")
            return
        try:
            found = read_request(received)
        except HttpError:
            found = None
        if found is None or not found[0].is_last or found[1] != len(received):
            self._adopt(descriptor, received)
            return
        request = found[0]
        server = self._server
        try:
            if request.forwarded_for:
                address = server.address_of(name[0], request)
            else:
                address = packed(name[0])
            body = server.desk.answer(request, address)
        except HttpError:
            self._adopt(descriptor, received)  # answered there in the same way, but gently
            return
        except Exception:
            log.exception("An answer failed")
            os.close(descriptor)
            return
        if isinstance(body, bytes):
            finish(descriptor, write_reply(body, is_last=True))
            return
        task = self._loop.create_task(reply_to(body))
        self._later.add(task)  # the loop itself keeps only weak references
        task.add_done_callback(partial(self._finish_later, descriptor))

    def _finish_later(self, descriptor: int, task: asyncio.Task[bytes]) -> None:
        self._later.discard(task)
        try:
            finish(descriptor, b"" if task.cancelled() else task.result())
        except OSError:
            os.close(descriptor)  # the other side did not wait

    def _adopt(self, descriptor: int, received: bytes) -> None:
        accepted = socket.socket(self._listening.family, socket.SOCK_STREAM, 0, descriptor)
        try:
            accepted.settimeout(0)
            # This one may stay open after its replies.
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 0)
        except OSError:
            accepted.close()
            return
        self._server.adopt(accepted, received)

    def _wait_for_descriptors(self, error: OSError) -> None:
        log.warning("No more connections can be accepted for a while: %s", error)
        self._loop.remove_reader(self._listening.fileno())
        self._loop.call_later(SECONDS_WITHOUT_DESCRIPTORS, self._start_again)

    def _start_again(self) -> None:
        if self._listening.fileno() >= 0:
            self.start()


def finish(descriptor: int, reply: bytes) -> None:
    """Send a reply and hang up; raises `OSError` if the other side is gone."""
    os.write(descriptor, reply)  # the buffer of a new connection is larger than any reply
    os.close(descriptor)


async def reply_to(body: Awaitable[bytes]) -> bytes:
    """The last reply of a connection, with a body that has to be waited for."""
    try:
        return write_reply(await body, is_last=True)
    except Exception:
        log.exception("An answer failed")
        return write_error(HttpError(HTTPStatus.INTERNAL_SERVER_ERROR, "The tracker failed."))
