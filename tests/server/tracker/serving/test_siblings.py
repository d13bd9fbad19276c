"""Two processes of a tracker in one event loop: each answers for its share and asks for the other.

Charlie's process has died: nobody reads what is said to it.
"""

import asyncio
import socket as sockets
import sys
from collections.abc import AsyncIterator, Awaitable, Collection, Mapping
from contextlib import asynccontextmanager
from random import random
from socket import socket

import pytest

from server.tracker.core.engine import Engine
from server.tracker.core.errors import TrackerError
from server.tracker.core.messages import AnnounceReply, Event, ScrapeEntry
from server.tracker.core.shares import Share
from server.tracker.serving import siblings
from server.tracker.serving.admission import Admission
from server.tracker.serving.metrics import Numbers, metrics_of_all
from server.tracker.serving.program import talking
from server.tracker.serving.shared_reception import SharedReception
from server.tracker.serving.siblings import Sibling, SiblingError
from server.tracker.stores.memory import MemoryStore

# Each belongs to the process of its number.
FILMS = (b"\x10" * 20, b"\xf0" * 20)
STRANGE = b"\xff" * 20
NUMBERS = Numbers(*range(7))

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Elsewhere there is one process.")


def link() -> tuple[socket, socket]:
    """As two processes have it."""
    return sockets.socketpair(sockets.AF_UNIX, sockets.SOCK_SEQPACKET)


class Process:
    """One process of two."""

    def __init__(self, index: int, end: socket) -> None:
        self.engine = Engine(MemoryStore(random), lambda: 0)
        admission = Admission(self.engine, self.ask_site, lambda: 0)
        self.siblings: dict[int, Sibling] = {}
        self.reception = SharedReception(self.engine, admission, Share(index, 2), self.siblings)
        self.siblings[1 - index] = Sibling(end, self.reception, lambda: NUMBERS)

    async def ask_site(self, info_hashes: Collection[bytes]) -> Mapping[bytes, int]:
        await asyncio.sleep(0)
        return dict.fromkeys(set(info_hashes) & set(FILMS), 7)

    async def announce(self, film: bytes, port: int) -> AnnounceReply:
        peer = bytes((10, 0, 0, 1)) + port.to_bytes(2, "big")
        reply = self.reception.announce(film, peer, Event.STARTED, True, 50, 5)  # noqa: FBT003
        return reply if isinstance(reply, AnnounceReply) else await reply

    async def scrape(self, *films: bytes) -> set[ScrapeEntry]:
        entries = self.reception.scrape([*films])
        return {*(entries if isinstance(entries, list) else await entries)}


@asynccontextmanager
async def processes() -> AsyncIterator[list[Process]]:
    """Both, talking to each other."""
    ends = link()
    both = [Process(index, end) for index, end in enumerate(ends)]
    async with (
        asyncio.timeout(20),
        talking(both[0].siblings.values()),
        talking(both[1].siblings.values()),
    ):
        yield both


@asynccontextmanager
async def alone() -> AsyncIterator[tuple[Process, socket]]:
    """One, and the end of its link where the other one was."""
    own, other = link()
    process = Process(0, own)
    with other:
        async with asyncio.timeout(20), talking(process.siblings.values()):
            yield process, other


def test_all_announces_of_a_torrent_meet_at_its_owner() -> None:
    async def announce() -> None:
        async with processes() as (one, other):
            for film in FILMS:
                assert (await one.announce(film, 1001)).complete == 1
                assert (await other.announce(film, 1002)).complete == 2
            assert (one.engine.torrents(), other.engine.torrents()) == (1, 1)
            assert (one.reception.passed_on, other.reception.passed_on) == (1, 1)

    asyncio.run(announce())


def test_a_scrape_may_be_about_torrents_of_both() -> None:
    async def scrape() -> None:
        async with processes() as (one, other):
            await one.announce(FILMS[1], 1001)
            expected = {ScrapeEntry(FILMS[0], 0, 0, 7, 0), ScrapeEntry(FILMS[1], 1, 0, 7, 0)}
            assert await one.scrape(*FILMS, STRANGE) == expected
            assert await other.scrape(*FILMS, STRANGE) == expected

    asyncio.run(scrape())


def test_says_no_as_the_owner_does() -> None:
    async def announce() -> None:
        async with processes() as both:
            said = set()
            for process in both:
                with pytest.raises(TrackerError) as refusal:
                    await process.announce(STRANGE, 1001)
                said.add((str(refusal.value), refusal.value.retry_in_minutes))
            assert len(said) == 1
            assert said.pop()[1] == 5

    asyncio.run(announce())


def test_answers_everybody_when_there_is_more_than_the_socket_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(siblings, "BUFFER", 1 << 15)

    async def announce() -> None:
        ends = link()
        one, other = (Process(index, end) for index, end in enumerate(ends))
        async with asyncio.timeout(20), talking(one.siblings.values()):
            ports = range(1000, 3000)
            asked = [asyncio.create_task(one.announce(FILMS[1], port)) for port in ports]
            while not one.siblings[1]._is_full:
                await asyncio.sleep(0)
            async with talking(other.siblings.values()):
                await asyncio.gather(*asked)
            assert other.engine.announces == len(asked)

    asyncio.run(announce())


def test_gives_up_a_process_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(siblings, "SECONDS_TO_ANSWER", -1)

    async def ask() -> None:
        async with alone() as (process, _):
            charlie = process.siblings[1]
            asked = [process.announce(FILMS[1], 1001), process.scrape(*FILMS), charlie.numbers()]
            waiting = [asyncio.ensure_future(each) for each in asked]
            await asyncio.sleep(0)
            charlie.give_up()
            found = await asyncio.gather(*waiting, return_exceptions=True)
            assert [type(each) for each in found] == [SiblingError] * 3

    asyncio.run(ask())


def test_keeps_only_so_many_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(siblings, "MOST_WAITING", 3)

    async def ask() -> None:
        async with alone() as (process, _):
            charlie = process.siblings[1]
            kept: list[Awaitable[object]] = [charlie.numbers() for _ in range(3)]
            with pytest.raises(SiblingError):
                charlie.numbers()
            assert len(kept) == 3

    asyncio.run(ask())


def test_takes_no_answer_that_was_meant_for_the_process_before_it() -> None:
    async def restart() -> None:
        own, end = link()
        before, after, other = Process(0, own.dup()), Process(0, own), Process(1, end)
        async with talking(before.siblings.values()):
            asked = asyncio.ensure_future(before.announce(FILMS[1], 1001))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        async with (
            asyncio.timeout(20),
            talking(other.siblings.values()),
            talking(after.siblings.values()),
        ):
            assert await after.scrape(FILMS[1]) == {ScrapeEntry(FILMS[1], 1, 0, 7, 0)}
        assert not asked.done()
        asked.cancel()

    asyncio.run(restart())


def test_one_process_tells_the_metrics_of_all() -> None:
    async def ask() -> None:
        async with processes() as (one, _):
            text = (await metrics_of_all(0, NUMBERS, one.siblings)).decode()
            assert 'passalong_tracker_announces_total{process="1"} 0' in text
            assert 'passalong_tracker_peers{process="0",family="ipv6"} 3' in text

    asyncio.run(ask())


def test_metrics_leave_out_who_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(siblings, "SECONDS_TO_ANSWER", -1)

    async def ask() -> None:
        async with alone() as (process, _):
            asked = asyncio.ensure_future(metrics_of_all(0, NUMBERS, process.siblings))
            while not process.siblings[1]._waiting:
                await asyncio.sleep(0)
            process.siblings[1].give_up()
            text = (await asked).decode()
            assert 'process="0"' in text
            assert 'process="1"' not in text

    asyncio.run(ask())
