"""The tracker as a whole: makes its parts, starts them, and ends them cleanly."""

import asyncio
import gc
import signal
import time
from collections.abc import (
    AsyncIterator,
    Callable,
    Collection,
    Coroutine,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from server.site.proxies import Network

from .. import services
from ..core.connection_ids import ConnectionIds
from ..core.engine import Engine
from ..core.messages import Counts
from .accepting import Acceptor, can_accept
from .admission import Admission
from .allowed_folder import AllowedFolder
from .books import Books, every, expire, repeat
from .database import DatabaseThread
from .datagrams import Datagrams
from .desk import Desk
from .http import HttpServer
from .journal import Journal
from .limits import SECONDS as LIMITS_SECONDS
from .limits import Limits
from .places import Place, opened_place
from .reception import Reception
from .saving import load, save
from .sockets import Sockets
from .status import Status
from .udp import UdpDesk

SECONDS_BETWEEN_COUNTS = 5
SECONDS_BETWEEN_REFUSALS = 2
SECONDS_BETWEEN_SAVES = 300
SECONDS_BETWEEN_LOOKS = 3
SECONDS_BETWEEN_DESCRIPTIONS = 10
SECONDS_BETWEEN_SAMPLES = 300
EVERYTHING = 1 << 40


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the admin asks of the tracker."""

    folder: Path  # where it keeps its secret, the swarms and the journal
    trusted: Sequence[Network] = ()
    allowed_dirs: Sequence[Path] = ()
    is_open: bool = False
    has_metrics: bool = False
    redis_url: str | None = None  # where peers are kept; without it in memory


def run(sockets: Sockets, wishes: Wishes, say_ready: Callable[[], None]) -> None:
    """Track until SIGTERM or SIGINT; `say_ready` is called when announces are answered."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(track(sockets, wishes, say_ready))


async def track(sockets: Sockets, wishes: Wishes, say_ready: Callable[[], None]) -> None:
    """The same, within an event loop."""
    async with opened_place(wishes.folder, wishes.redis_url) as place:
        await Program(wishes, place, sockets).track(say_ready)


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    """The faster event loop where it is installed."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


class Program:
    """One tracker process and everything in it."""

    def __init__(self, wishes: Wishes, place: Place, sockets: Sockets) -> None:
        """Make the parts; nothing runs yet."""
        self._wishes = wishes
        self._place = place
        self._sockets = sockets
        self._journal = Journal(wishes.folder)
        self._engine = Engine(place.store, place.clock, note_completion=self._journal.note)
        self._reading, self._writing = DatabaseThread("reading"), DatabaseThread("writing")
        self._admission = Admission(self._engine, self._ask_site, time.monotonic)
        self._books = Books(
            self._engine,
            self._journal,
            self._record_counts,
            lambda moment: self._reading.run(services.refused_since, moment),
            timezone.now,
            self._downloads_since if place.is_shared else None,
        )
        self._limits = Limits()
        self._ids = ConnectionIds(place.secret, time.time)
        self._status = Status(self._engine, timezone.now, sockets.port, is_shared=place.is_shared)
        reception = Reception(self._engine, self._admission)
        metrics = self._status.metrics if wishes.has_metrics else None
        self._http = HttpServer(
            Desk(reception, self._limits, wishes.trusted, metrics), wishes.trusted
        )
        self._udp = UdpDesk(reception, self._ids, self._limits)
        self._folders = [AllowedFolder(folder) for folder in wishes.allowed_dirs]
        self._in_folders: list[list[services.TorrentInFolder]] = [[] for _ in self._folders]

    async def track(self, say_ready: Callable[[], None]) -> None:
        """Answer announces until told to stop, and save everything then."""
        stop = stop_event()
        try:
            await self._begin()
            listens = listening(self._http, self._udp, self._sockets)
            async with asyncio.TaskGroup() as group, listens:
                chores = [group.create_task(chore) for chore in self._chores()]
                say_ready()
                await stop.wait()
                for chore in chores:
                    chore.cancel()
            await self._books.write_counts(EVERYTHING)
            await self._save()
            await self._writing.run(services.forget_process, self._status.name)
        finally:
            self._reading.close()
            self._writing.close()

    async def _begin(self) -> None:
        """Go on where the last process stopped."""
        for name, completions in self._journal.left().items():
            await self._writing.run(services.count_journal, name, completions, timezone.now())
            self._journal.forget(name)
            self._books.counted_journals.append(name)
        if not self._place.is_shared:
            await self._writing.run(services.forget_peers)
        await self._look_into_folders(is_first=True)
        for info_hash, downloaded in await self._reading.run(lambda: [*services.all_welcome()]):
            self._engine.welcome(info_hash, downloaded)
        if self._place.is_shared:
            self._engine.recount()
        else:
            load(self._engine, self._wishes.folder)
        # What is here stays; looking through it for garbage again and again would only cost time.
        gc.freeze()

    def _chores(self) -> Iterator[Coroutine[None, None, None]]:
        yield self._http.close_late_connections()
        yield repeat(self._books.write_counts, SECONDS_BETWEEN_COUNTS)
        yield repeat(self._books.read_refusals, SECONDS_BETWEEN_REFUSALS)
        yield repeat(lambda: expire(self._engine), self._place.seconds_between_expiries)
        yield repeat(self._save, SECONDS_BETWEEN_SAVES)
        yield repeat(self._describe, SECONDS_BETWEEN_DESCRIPTIONS)
        yield repeat(self._sample, SECONDS_BETWEEN_SAMPLES)
        if self._folders:
            yield repeat(self._look_into_folders, SECONDS_BETWEEN_LOOKS)
        yield every(1, self._ids.turn)
        yield every(LIMITS_SECONDS, self._limits.start_again)

    async def _ask_site(self, info_hashes: Collection[bytes]) -> dict[bytes, int]:
        is_open = self._wishes.is_open
        return await self._reading.run(services.downloads_of_welcome, info_hashes, is_open=is_open)

    async def _downloads_since(self, moment: datetime) -> dict[bytes, int]:
        return await self._reading.run(services.downloads_since, moment)

    async def _record_counts(
        self,
        counts: Collection[Counts],
        now: datetime,
        completions: Mapping[bytes, int],
        journals: Collection[str],
    ) -> None:
        await self._writing.run(services.record_counts, counts, now, completions, journals)

    async def _save(self) -> None:
        if not self._place.is_shared:
            await save(self._engine, self._wishes.folder)
        counted, self._books.counted_journals = self._books.counted_journals, []
        if counted:
            await self._writing.run(services.forget_journals, counted)

    async def _describe(self) -> None:
        await self._writing.run(services.describe_process, self._status.describe())

    async def _sample(self) -> None:
        await self._writing.run(services.add_sample, self._status.sample())

    async def _look_into_folders(self, *, is_first: bool = False) -> None:
        has_changed = is_first
        for number, folder in enumerate(self._folders):
            found = await self._reading.run(folder.look)
            if found is not None:
                has_changed = True
                self._in_folders[number] = found
        if has_changed:
            inside = [torrent for torrents in self._in_folders for torrent in torrents]
            await self._writing.run(services.allow_folder, inside, now=timezone.now())


@asynccontextmanager
async def listening(http: HttpServer, udp: UdpDesk, sockets: Sockets) -> AsyncIterator[None]:
    """Answer meanwhile."""
    loop = asyncio.get_running_loop()
    acceptors: list[Acceptor] = []
    servers: list[asyncio.AbstractServer] = []
    for listening_socket in sockets.http:
        if can_accept():
            acceptors.append(Acceptor(listening_socket, http))
        else:
            servers.append(await loop.create_server(http.connection, sock=listening_socket))
    for acceptor in acceptors:
        acceptor.start()
    datagrams = [Datagrams(each, udp.answer) for each in sockets.udp]
    for each in datagrams:
        await each.start()
    try:
        yield
    finally:
        for acceptor in acceptors:
            acceptor.stop()
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
