"""The tracker as a whole: makes its parts, starts them, and ends them cleanly."""

import asyncio
import random
import signal
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from server.site.proxies import Network

from .. import services
from ..core.connection_ids import ConnectionIds
from ..core.engine import Engine
from ..stores.memory import MemoryStore
from .admission import Admission
from .books import Books, every, expire, repeat
from .database import DatabaseThread
from .datagrams import Datagrams
from .desk import Desk
from .http import HttpServer
from .limits import SECONDS as LIMITS_SECONDS
from .limits import Limits
from .reception import Reception
from .secret import kept_secret
from .sockets import Sockets
from .udp import UdpDesk

SECONDS_BETWEEN_COUNTS = 5
SECONDS_BETWEEN_REFUSALS = 2
SECONDS_BETWEEN_EXPIRIES = 30


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the admin asks of the tracker."""

    data_dir: Path
    trusted: Sequence[Network] = ()


def run(sockets: Sockets, wishes: Wishes, say_ready: Callable[[], None]) -> None:
    """Track until SIGTERM or SIGINT; `say_ready` is called when announces are answered."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(track(sockets, wishes, say_ready))


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    """The faster event loop where it is installed."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


async def track(sockets: Sockets, wishes: Wishes, say_ready: Callable[[], None]) -> None:
    """Answer announces until told to stop, and save the last numbers then."""
    stop = stop_event()
    engine = Engine(MemoryStore(random.random), time.monotonic)
    reading, writing = DatabaseThread("reading"), DatabaseThread("writing")
    admission = Admission(
        engine,
        lambda info_hashes: reading.run(services.downloads_of_welcome, info_hashes),
        time.monotonic,
    )
    books = Books(
        engine,
        lambda counts, now: writing.run(services.record_counts, counts, now),
        lambda moment: reading.run(services.refused_since, moment),
        timezone.now,
    )
    reception = Reception(engine, admission)
    limits = Limits()
    ids = ConnectionIds(kept_secret(wishes.data_dir), time.time)
    try:
        await writing.run(services.forget_peers)
        http = HttpServer(Desk(reception, limits), wishes.trusted)
        udp = UdpDesk(reception, ids, limits)
        async with asyncio.TaskGroup() as group, listening(http, udp, sockets):
            chores = [
                group.create_task(http.close_late_connections()),
                group.create_task(repeat(books.write_counts, SECONDS_BETWEEN_COUNTS)),
                group.create_task(repeat(books.read_refusals, SECONDS_BETWEEN_REFUSALS)),
                group.create_task(repeat(lambda: expire(engine), SECONDS_BETWEEN_EXPIRIES)),
                group.create_task(every(1, ids.turn)),
                group.create_task(every(LIMITS_SECONDS, limits.start_again)),
            ]
            say_ready()
            await stop.wait()
            for chore in chores:
                chore.cancel()
        await books.write_counts()
    finally:
        reading.close()
        writing.close()


@asynccontextmanager
async def listening(http: HttpServer, udp: UdpDesk, sockets: Sockets) -> AsyncIterator[None]:
    """Answer meanwhile."""
    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(http.connection, sock=each) for each in sockets.http]
    datagrams = [Datagrams(each, udp.answer) for each in sockets.udp]
    for each in datagrams:
        await each.start()
    try:
        yield
    finally:
        for server in servers:
            server.close()
        for each in datagrams:
            each.stop()
        for connection in list(http.connections):
            connection.transport.abort()


def stop_event() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Windows cannot do this; there Ctrl+C raises KeyboardInterrupt as usual.
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    return stop
