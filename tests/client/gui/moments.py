"""Things for the window to show without a swarm: moments of transfers, torrents, a ticket."""

import math
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from client.engine.trouble import Trouble
from client.errors import JobError
from client.folders.shelf import Shelved
from client.gui.presenter import Standing
from client.gui.transfer import Transfer
from client.jobs.progress import Phase, Progress
from client.jobs.stopping import Stop
from client.opening.what import Torrent, read_torrent
from installer.formats import metainfo
from installer.formats.bencoding import Value, encode
from installer.formats.ticket import Ticket
from tests.programs import wait_until

SITE = "Alice's small cinema"
FOLDER = "/home/bob/Downloads"
NAME = "Around the World in Eighty Days (1919, restored).mkv"

DOWNLOADING = Progress(
    Phase.DOWNLOADING,
    name=NAME,
    site_name=SITE,
    done_bytes=588_000_000,
    total_bytes=1_400_000_000,
    rate=6_200_000,
    peers=9,
    givers=7,
    takers=2,
    place=Path(FOLDER, NAME),
)
ALONE = replace(DOWNLOADING, rate=0, peers=0, givers=0, takers=0)
SHARED = replace(
    DOWNLOADING,
    phase=Phase.SHARING,
    done_bytes=DOWNLOADING.total_bytes,
    rate=0,
    givers=0,
    uploaded_bytes=600_000_000,
    is_complete=True,
)
PUBLISHED = replace(
    SHARED, page_url="https://cinema.example.org/torrents/ab/", copies_elsewhere=0, takers=3
)
ALBUM = replace(
    DOWNLOADING,
    name="Songs of the Sea",
    site_name="Charlie's records",
    done_bytes=90_000_000,
    total_bytes=720_000_000,
)
TICKET = Ticket(
    token=bytes(range(32)),
    site_name=SITE,
    site_url="https://cinema.example.org",
    upload_url="https://cinema.example.org/api/v1/torrents",
    announce=("https://cinema.example.org/announce",),
    expires_at=2_000_000_000,
    size_limit=10**10,
    user_name="alice",
)


def running(progress: Progress) -> Transfer:
    """A transfer that is at work, and stays at this moment until it is stopped."""
    made = _transfer(progress)
    made.start()
    return made


def resting(progress: Progress) -> Transfer:
    """One that is paused, or complete and no longer shared."""
    return _transfer(progress, is_active=False)


def failed(progress: Progress, trouble: Trouble) -> Transfer:
    """One that ended badly."""

    def work(stop: Stop) -> Iterator[Progress]:
        yield progress
        raise JobError(trouble.sentence, trouble=trouble)

    made = Transfer(work, Shelved("", FOLDER), progress)
    made.start()

    def has_failed() -> bool:
        # It failed so late that the window never tries it again.
        made.look(math.inf)
        return made.standing is Standing.FAILED

    wait_until("the failure", has_failed)
    return made


def _transfer(progress: Progress, *, is_active: bool = True) -> Transfer:
    pause = threading.Event()

    def work(stop: Stop) -> Iterator[Progress]:
        while not stop.is_asked:
            yield progress
            pause.wait(0.01)

    return Transfer(work, Shelved("", FOLDER, is_active=is_active), progress)


def one_file() -> Torrent:
    """A large file, which nobody has hashed."""
    return _torrent({b"length": 1_400_000_000, b"name": NAME.encode()}, 1_400_000_000)


def many_files() -> Torrent:
    """A folder of twenty."""
    sizes = [31_000_000 + 777_000 * number for number in range(20)]
    files: list[Value] = [
        {b"length": length, b"path": [b"%02d The song of the waves and winds.flac" % number]}
        for number, length in enumerate(sizes, 1)
    ]
    return _torrent({b"files": files, b"name": b"Songs of the Sea"}, sum(sizes))


def _torrent(info: dict[bytes, Value], size: int) -> Torrent:
    pieces = -(-size // 2**20)
    content = encode(info | {b"piece length": 2**20, b"pieces": bytes(20 * pieces)})
    return replace(read_torrent(metainfo.write(content)), site_name=SITE)
