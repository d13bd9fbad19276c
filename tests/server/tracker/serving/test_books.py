"""The numbers that go out and the refusals that come in."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from random import random

import pytest

from server.tracker.core.engine import Engine
from server.tracker.core.messages import Counts, Event
from server.tracker.serving.books import Books
from server.tracker.serving.journal import Journal
from server.tracker.stores.memory import MemoryStore

FILM = b"F" * 20
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Database:
    """A database that can be locked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.is_locked = False
        self.written: list[Counts] = []
        self.completions: list[Mapping[bytes, int]] = []
        self.journals: list[str] = []
        self.refused: list[bytes] = []
        journal = Journal(folder)
        self.engine = Engine(MemoryStore(random), lambda: 0, note_completion=journal.note)
        self.engine.welcome(FILM)
        self.books = Books(self.engine, journal, self.record, self.refused_since, lambda: NOW)

    async def record(
        self,
        counts: Collection[Counts],
        now: datetime,
        completions: Mapping[bytes, int],
        journals: Collection[str],
    ) -> None:
        await asyncio.sleep(0)
        if self.is_locked:
            raise OSError("locked")
        self.written.extend(counts)
        self.completions.append(dict(completions))
        self.journals.extend(journals)

    async def refused_since(self, moment: datetime) -> list[bytes]:
        if self.is_locked:
            raise OSError("locked")
        return self.refused

    def complete(self, number: int) -> None:
        peer = bytes((10, 0, 0, number, 1, 1))
        self.engine.announce(FILM, peer, Event.COMPLETED, is_seed=True, numwant=0, key=0)

    def files(self) -> list[Path]:
        return list(self.folder.iterdir())


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path)


def test_writes_only_what_changed(database: Database) -> None:
    database.complete(1)
    for _ in range(3):
        asyncio.run(database.books.write_counts())
    assert database.written == [Counts(FILM, 1, 0, addresses=1)]
    assert database.completions == [{FILM: 1}]


def test_loses_no_completion_while_the_database_is_locked(database: Database) -> None:
    database.is_locked = True
    for number in (1, 2):
        database.complete(number)
        asyncio.run(database.books.write_counts())
    database.is_locked = False
    asyncio.run(database.books.write_counts())
    assert database.written == [Counts(FILM, 2, 0, addresses=2)]
    assert database.completions == [{FILM: 2}]
    assert len(database.journals) == 2


def test_a_completion_is_on_disk_until_it_is_in_the_database(database: Database) -> None:
    database.complete(1)
    assert [dict(found) for found in Journal(database.folder).left().values()] == [{FILM: 1}]
    asyncio.run(database.books.write_counts())
    assert database.files() == []


def test_who_is_cancelled_while_writing_counts_nothing_twice(database: Database) -> None:
    async def write_and_be_cancelled() -> None:
        database.complete(1)
        first = asyncio.create_task(database.books.write_counts())
        await asyncio.sleep(0)
        first.cancel()
        await database.books.write_counts()

    asyncio.run(write_and_be_cancelled())
    assert database.completions == [{FILM: 1}]


def test_a_disk_that_is_full_stops_no_counting(database: Database) -> None:
    database.folder = database.folder / "file"
    database.folder.touch()
    database.books._journal._folder = database.folder
    database.complete(1)
    asyncio.run(database.books.write_counts())
    assert database.completions == [{FILM: 1}]


def test_refuses_what_the_site_refused(database: Database) -> None:
    database.refused = [FILM]
    asyncio.run(database.books.read_refusals())
    assert not database.engine.is_welcome(FILM)


def test_goes_on_when_refusals_cannot_be_read(database: Database) -> None:
    database.is_locked = True
    asyncio.run(database.books.read_refusals())
    assert database.engine.is_welcome(FILM)
