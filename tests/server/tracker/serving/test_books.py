"""The numbers that go out and the refusals that come in."""

import asyncio
from collections.abc import Collection
from datetime import UTC, datetime
from random import random

from server.tracker.core.engine import Engine
from server.tracker.core.messages import Counts, Event
from server.tracker.serving.books import Books
from server.tracker.stores.memory import MemoryStore

FILM = b"F" * 20
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Database:
    """A database that can be locked."""

    def __init__(self) -> None:
        self.is_locked = False
        self.written: list[Counts] = []
        self.refused: list[bytes] = []
        self.engine = Engine(MemoryStore(random), lambda: 0)
        self.engine.welcome(FILM)
        self.books = Books(self.engine, self.record, self.refused_since, lambda: NOW)

    async def record(self, counts: Collection[Counts], now: datetime) -> None:
        if self.is_locked:
            raise OSError("locked")
        self.written.extend(counts)

    async def refused_since(self, moment: datetime) -> list[bytes]:
        if self.is_locked:
            raise OSError("locked")
        return self.refused

    def complete(self, number: int) -> None:
        peer = bytes((10, 0, 0, number, 1, 1))
        self.engine.announce(FILM, peer, Event.COMPLETED, is_seed=True, numwant=0, key=0)


def test_writes_only_what_changed() -> None:
    database = Database()
    database.complete(1)
    for _ in range(3):
        asyncio.run(database.books.write_counts())
    assert database.written == [Counts(FILM, 1, 0, completions=1, addresses=1)]


def test_loses_no_completion_while_the_database_is_locked() -> None:
    database = Database()
    database.is_locked = True
    for number in (1, 2):
        database.complete(number)
        asyncio.run(database.books.write_counts())
    database.is_locked = False
    asyncio.run(database.books.write_counts())
    assert database.written == [Counts(FILM, 2, 0, completions=2, addresses=2)]


def test_refuses_what_the_site_refused() -> None:
    database = Database()
    database.refused = [FILM]
    asyncio.run(database.books.read_refusals())
    assert not database.engine.is_welcome(FILM)


def test_goes_on_when_refusals_cannot_be_read() -> None:
    database = Database()
    database.is_locked = True
    asyncio.run(database.books.read_refusals())
    assert database.engine.is_welcome(FILM)
