"""A publisher with a real file, and a tracker that leads to him."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha1
from pathlib import Path
from socket import inet_aton
from typing import cast
from urllib.parse import parse_qs, urlsplit

import libtorrent as lt
import pytest
from pytest_django import Settings

from installer.formats import bencoding, metainfo
from installer.formats.metainfo import File
from server.catalog.models import Release
from server.seeding.keeping import Keeper
from server.seeding.models import Copy
from tests.answering import Asked, Reply, answering
from tests.programs import wait_until
from tests.server import factories
from tests.server.factories import NOON

CONTENT = bytes(range(256)) * 700
LISTEN_MILLISECONDS = 20


class SmallTracker:
    """Leads everybody to the ports in `peers`, and remembers who came."""

    def __init__(self) -> None:
        self.peers: list[int] = []
        self.asked: list[dict[str, list[str]]] = []

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(parse_qs(urlsplit(asked.path).query, encoding="latin-1"))
        peers = b"".join(inet_aton("127.0.0.1") + port.to_bytes(2, "big") for port in self.peers)
        return Reply(bencoding.encode({b"interval": 60, b"peers": peers}))

    def said(self, event: str) -> list[str]:
        """The peer ids of those that said this."""
        return [asked["peer_id"][0] for asked in self.asked if asked.get("event") == [event]]


@pytest.fixture
def tracker(settings: Settings) -> Iterator[SmallTracker]:
    small = SmallTracker()
    with answering(small.answer) as address:
        settings.TRACKER_URL = f"{address}/announce"
        yield small


@pytest.fixture
def copies(settings: Settings, tmp_path: Path) -> Path:
    """The folder of the copies."""
    settings.COPIES_DIR = tmp_path / "copies"
    return tmp_path / "copies"


@pytest.fixture
def film() -> Release:
    factories.site(address="http://127.0.0.1:8000")
    return factories.release("Film", data=factories.torrent("film.mkv", CONTENT))


def folder_of_files(name: str, contents: list[bytes]) -> bytes:
    """The torrent of a folder with these files, of names that addresses have trouble with."""
    whole = b"".join(contents)
    length = factories.PIECE_LENGTH
    pieces = [whole[at : at + length] for at in range(0, len(whole), length)]
    return metainfo.write(
        metainfo.info_v1(
            name,
            [File((f"{at} ä#%.ogg",), len(content)) for at, content in enumerate(contents)],
            is_folder=True,
            piece_length=length,
            pieces=b"".join(sha1(piece).digest() for piece in pieces),
        )
    )


@contextmanager
def sharing(folder: Path, torrent: bytes) -> Iterator[int]:
    """Somebody who has the files in a folder and shares them; the port on which he does."""
    session = _session()
    _add(session, folder, torrent, lt.torrent_flags.seed_mode)
    yield int(session.listen_port())


@contextmanager
def fetching(folder: Path, torrent: bytes, port: int) -> Iterator[lt.torrent_handle]:
    """Somebody who gets it into a new folder from whoever listens on this port."""
    session = _session()
    (folder / "visitor").mkdir()
    handle = _add(session, folder / "visitor", torrent)
    handle.connect_peer(("127.0.0.1", port))
    yield handle


def _session() -> lt.session:
    quiet = {"enable_dht": False, "enable_lsd": False, "listen_interfaces": "127.0.0.1:0"}
    several = {"allow_multiple_connections_per_ip": True}
    return lt.session(cast("lt.settings_pack", quiet | several))


def _add(session: lt.session, folder: Path, torrent: bytes, flags: int = 0) -> lt.torrent_handle:
    wanted = lt.load_torrent_buffer(torrent)
    wanted.save_path = str(folder)
    wanted.trackers = []
    wanted.flags &= ~(lt.torrent_flags.paused | lt.torrent_flags.auto_managed)
    wanted.flags |= flags
    return session.add_torrent(wanted)


@dataclass
class Run:
    """A seeder for as long as a test wants, on a clock of the test's own."""

    keeper: Keeper
    now: datetime = NOON

    def until(self, what: str, look: Callable[[], bool]) -> None:
        """Work until something is so."""

        def work() -> bool:
            self.keeper.look(self.now)
            self.keeper.listen(LISTEN_MILLISECONDS, self.now)
            return look()

        wait_until(what, work)

    def until_it_is(self, state: Copy.State, release: Release) -> Copy:
        """Work until the copy is in this state."""
        self.until(
            f"the copy is {state}",
            lambda: Copy.objects.filter(release=release, state=state).exists(),
        )
        return Copy.objects.select_related("release").get(release=release)

    def later(self, time: timedelta) -> None:
        """Let time pass."""
        self.now += time


@pytest.fixture
def seeder(copies: Path, tracker: SmallTracker) -> Iterator[Callable[[], Run]]:
    """Begins a seeder, which is ended with the test."""
    begun: list[Run] = []

    def begin() -> Run:
        begun.append(Run(Keeper("here", 0)))
        return begun[-1]

    yield begin
    for run in begun:
        run.keeper.close(run.now)
