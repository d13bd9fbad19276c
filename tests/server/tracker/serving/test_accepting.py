import asyncio
import random
import socket
from collections.abc import Awaitable, Callable, Collection, Mapping

import pytest

from server.tracker.core.engine import Engine
from server.tracker.serving.accepting import Acceptor
from server.tracker.serving.admission import Admission
from server.tracker.serving.desk import Desk
from server.tracker.serving.http import HttpServer
from server.tracker.serving.limits import Limits
from server.tracker.serving.reception import Reception
from server.tracker.stores.memory import MemoryStore

ASK = b"GET /announce HTTP/1.1\r\nHost: tracker\r\n\r\n"
ASK_ONCE = ASK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")


async def nothing_welcome(info_hashes: Collection[bytes]) -> Mapping[bytes, int]:
    return {}


def served() -> HttpServer:
    engine = Engine(MemoryStore(random.random), lambda: 0)
    admission = Admission(engine, nothing_welcome, lambda: 0)
    return HttpServer(Desk(Reception(engine, admission), Limits()), ())


def with_acceptor(story: Callable[[HttpServer, int], Awaitable[None]]) -> None:
    async def whole() -> None:
        listening = socket.create_server(("127.0.0.1", 0))
        listening.settimeout(0)
        server = served()
        acceptor = Acceptor(listening, server)
        acceptor.start()
        try:
            async with asyncio.timeout(10):
                await story(server, listening.getsockname()[1])
        finally:
            acceptor.stop()

    asyncio.run(whole())


def test_a_connection_that_stays_open_has_its_replies_sent_at_once() -> None:
    async def story(server: HttpServer, port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(ASK)
        assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
        (connection,) = server.connections
        kept = connection.transport.get_extra_info("socket")
        assert not kept.getsockopt(socket.IPPROTO_TCP, socket.TCP_CORK)
        writer.close()

    with_acceptor(story)


@pytest.mark.parametrize("count", [1, 2, 40])
def test_all_who_come_at_the_same_time_are_answered(count: int) -> None:
    async def ask(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(ASK_ONCE)
        reply = await reader.read()
        writer.close()
        return reply

    async def story(server: HttpServer, port: int) -> None:
        for _ in range(3):
            replies = await asyncio.gather(*(ask(port) for _ in range(count)))
            assert all(reply.startswith(b"HTTP/1.1 200 OK") for reply in replies)
        assert not server.connections

    with_acceptor(story)
