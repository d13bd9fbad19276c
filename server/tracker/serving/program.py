"""The tracker as a whole: makes its parts, starts them, and ends them cleanly.

The event loop around it is made in `serving.running`.
"""

import asyncio
import gc
import time
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Collection,
    Coroutine,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.utils import timezone

from server.site.proxies import Network

from .. import services
from ..core.connection_ids import ConnectionIds
from ..core.engine import Engine
from ..core.messages import Counts
from ..core.shares import WHOLE
from .accepting import Acceptor, can_accept
from .admission import Admission
from .allowed_folder import AllowedFolder
from .books import Books, every, expire, repeat
from .database import DatabaseThread
from .datagrams import Datagrams
from .desk import Desk
from .http import HttpServer
from .journal import Journal
from .layouts import files_of_others, files_to_load, swarm_file
from .leftovers import count_left
from .limits import SECONDS as LIMITS_SECONDS
from .limits import Limits
from .metrics import Numbers, metrics_of_all, metrics_text
from .part import Part
from .places import Place
from .reception import Reception
from .saving import read, save
from .shared_reception import SharedReception
from .siblings import Sibling
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
MOST_AT_ONCE = 500  # torrents that the site is asked about


class Ready(Protocol):
    """Told when announces are answered."""

    def __call__(self, *, has_kept_all: bool) -> None:
        """`has_kept_all`: swarm files of another number of processes are not needed any more."""
        ...


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the admin asks of the tracker."""

    folder: Path  # where it keeps its secret, the swarms and the journal
    trusted: Sequence[Network] = ()
    allowed_dirs: Sequence[Path] = ()
    is_open: bool = False
    has_metrics: bool = False
    redis_url: str | None = None  # where peers are kept; without it in memory


class Program:
    """One tracker process and everything in it."""

    def __init__(
        self, wishes: Wishes, place: Place, sockets: Sockets, part: Part | None = None
    ) -> None:
        """Make the parts; nothing runs yet. `part` is for one of several processes."""
        self._wishes = wishes
        self._place = place
        self._sockets = sockets
        self._share = WHOLE if part is None else part.share
        self._journal = Journal(wishes.folder, self._share)
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
        self._status = Status(
            self._engine,
            timezone.now,
            sockets.port,
            is_shared=place.is_shared,
            share=self._share,
        )
        self._siblings: dict[int, Sibling] = {}
        self._reception = self._made_reception(part)
        metrics = self._metrics if wishes.has_metrics else None
        self._http = HttpServer(
            Desk(self._reception, self._limits, wishes.trusted, metrics), wishes.trusted
        )
        self._udp = UdpDesk(self._reception, self._ids, self._limits)
        # Of several processes the first looks, and the others ask the site as always.
        folders = wishes.allowed_dirs if self._share.index == 0 else ()
        self._folders = [AllowedFolder(folder) for folder in folders]
        self._in_folders: list[list[services.TorrentInFolder]] = [[] for _ in self._folders]

    async def track(self, ready: Ready, stop: asyncio.Event) -> None:
        """Answer announces until told to stop, and save everything then."""
        try:
            has_kept_all = await self._begin()
            listens = listening(self._http, self._udp, self._sockets)
            asks = talking(self._siblings.values())
            async with asyncio.TaskGroup() as group, asks, listens:
                chores = [group.create_task(chore) for chore in self._chores()]
                ready(has_kept_all=has_kept_all)
                await stop.wait()
                for chore in chores:
                    chore.cancel()
            await self._books.write_counts(EVERYTHING)
            await self._save()
            await self._writing.run(services.forget_process, self._status.name)
        finally:
            self._reading.close()
            self._writing.close()

    async def _begin(self) -> bool:
        """Go on where the last process stopped; whether its own files hold all that others left."""
        counted = await self._writing.run(count_left, self._journal)
        self._books.counted_journals += counted
        if not self._place.is_shared:
            await self._writing.run(services.forget_peers, self._share)
        if self._share.index == 0:
            await self._look_into_folders(is_first=True)
        welcome = await self._reading.run(lambda: [*services.all_welcome(self._share)])
        for info_hash, downloaded in welcome:
            self._engine.welcome(info_hash, downloaded)
        has_kept_all = False
        if self._place.is_shared:
            self._engine.recount()
        else:
            has_kept_all = await self._load()
        # What is here stays; looking through it for garbage again and again would only cost time.
        gc.freeze()
        return has_kept_all

    async def _load(self) -> bool:
        folder = self._wishes.folder
        for name in files_to_load(folder, self._share):
            saved = read(folder, name)
            if self._wishes.is_open:
                await self._welcome_again({swarm.info_hash for swarm in saved.swarms})
            self._engine.load(saved.dumped_at, saved.seconds_ago, saved.swarms)
        if not files_of_others(folder, self._share.count):
            return True
        return await save(self._engine, folder, swarm_file(self._share))

    async def _welcome_again(self, info_hashes: Iterable[bytes]) -> None:
        """Those that nobody has refused meanwhile: the site may never have heard of them."""
        here = [
            each
            for each in info_hashes
            if self._share.owner(each) == self._share.index and not self._engine.is_welcome(each)
        ]
        for start in range(0, len(here), MOST_AT_ONCE):
            welcome = await self._ask_site(here[start : start + MOST_AT_ONCE])
            for info_hash, downloaded in welcome.items():
                self._engine.welcome(info_hash, downloaded)

    def _made_reception(self, part: Part | None) -> Reception:
        if part is None:
            return Reception(self._engine, self._admission)
        reception = SharedReception(self._engine, self._admission, part.share, self._siblings)
        for index, link in part.links.items():
            self._siblings[index] = Sibling(link, reception, self._numbers)
        self._books.counted_journals += part.counted_journals
        return reception

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
        for sibling in self._siblings.values():
            yield every(1, sibling.give_up)

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
            await save(self._engine, self._wishes.folder, swarm_file(self._share))
        counted, self._books.counted_journals = self._books.counted_journals, []
        if counted:
            await self._writing.run(services.forget_journals, counted)

    async def _describe(self) -> None:
        await self._writing.run(services.describe_process, self._status.describe())

    def _numbers(self) -> Numbers:
        return self._status.numbers(self._reception.passed_on)

    def _metrics(self) -> bytes | Awaitable[bytes]:
        if self._siblings:
            return metrics_of_all(self._share.index, self._numbers(), self._siblings)
        return metrics_text({"": self._numbers()})

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


@asynccontextmanager
async def talking(siblings: Collection[Sibling]) -> AsyncIterator[None]:
    """Ask and answer the other processes meanwhile."""
    for sibling in siblings:
        sibling.start()
    try:
        yield
    finally:
        for sibling in siblings:
            sibling.stop()
