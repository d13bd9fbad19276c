"""The site's own peer by itself."""

import time
from pathlib import Path

from installer.formats import metainfo
from server.seeding.meeting import Meeting
from server.seeding.session import Session
from tests.server import factories

from .conftest import CONTENT


def test_listening_takes_its_time_and_no_processor(tmp_path: Path) -> None:
    torrent = factories.torrent("film.mkv", CONTENT)
    session = Session(0, Meeting(()))
    session.add(metainfo.read(torrent).info_hash.hex(), torrent, tmp_path, None)
    before = time.monotonic()
    for _round in range(4):
        session.news(50)
    assert time.monotonic() - before >= 4 * 0.05
