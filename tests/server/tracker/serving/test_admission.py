"""Asking the site about unknown torrents: at once, together, and not more often than needed."""

import asyncio
from collections.abc import Collection, Mapping
from random import random

import pytest

from server.tracker.core.engine import Engine
from server.tracker.serving.admission import Admission, LookupFailedError
from server.tracker.stores.memory import MemoryStore

FILM, OTHER = b"F" * 20, b"O" * 20


class Site:
    """A site that knows some torrents and counts the questions."""

    def __init__(self, *known: bytes) -> None:
        self.known = set(known)
        self.questions: list[set[bytes]] = []
        self.is_down = False
        self.now = 0.0
        self.engine = Engine(MemoryStore(random), lambda: self.now)
        self.admission = Admission(self.engine, self.answer, lambda: self.now, most_unknown=3)

    async def answer(self, info_hashes: Collection[bytes]) -> Mapping[bytes, int]:
        self.questions.append(set(info_hashes))
        await asyncio.sleep(0)
        if self.is_down:
            raise OSError("down")
        return {info_hash: 7 for info_hash in info_hashes if info_hash in self.known}

    async def ask(self, *info_hashes: bytes) -> None:
        await self.admission.ask(info_hashes)


def test_welcomes_what_the_site_knows() -> None:
    site = Site(FILM)
    asyncio.run(site.ask(FILM, OTHER))
    assert [entry.downloaded for entry in site.engine.scrape([FILM, OTHER])] == [7]


def test_asks_again_about_an_unknown_torrent_only_after_a_while() -> None:
    site = Site()
    for site.now in (0.0, 0.5, 0.9, 1.1):
        asyncio.run(site.ask(OTHER))
    assert len(site.questions) == 2


def test_many_who_wait_for_one_torrent_cost_one_question() -> None:
    site = Site(FILM)

    async def ask_often() -> None:
        await asyncio.gather(*(site.ask(FILM) for _ in range(100)))

    asyncio.run(ask_often())
    assert site.questions == [{FILM}]


def test_remembers_a_bounded_number_of_unknown_torrents() -> None:
    site = Site()
    for number in range(10):
        asyncio.run(site.ask(bytes([number]) * 20))
    assert len(site.admission._unknown) == 3


def test_a_flood_of_unknown_torrents_is_turned_away() -> None:
    site = Site()
    with pytest.raises(LookupFailedError, match="Try again"):
        asyncio.run(site.ask(*(bytes([number]) * 20 for number in range(10))))


def test_a_site_that_is_down_is_asked_again_at_once() -> None:
    site = Site(FILM)
    site.is_down = True
    with pytest.raises(LookupFailedError):
        asyncio.run(site.ask(FILM))
    site.is_down = False
    asyncio.run(site.ask(FILM))
    assert site.engine.is_welcome(FILM)
