"""Swarms on disk: a round trip, the time that passed, and a table of damage."""

import asyncio
import logging
import os
from pathlib import Path
from random import random

import pytest

from server.tracker.core.engine import Engine
from server.tracker.core.messages import Event, ScrapeEntry
from server.tracker.core.policy import Policy
from server.tracker.serving.saving import NAME, read, save
from server.tracker.stores.memory import MemoryStore

FILM, OTHER = b"F" * 20, b"O" * 20
NOW = 1_800_000_000.0


def load(engine: Engine, folder: Path, wall_clock: float | None = None) -> int:
    """Take in what is in the folder; how many swarms that were."""
    saved = read(folder, wall_clock=wall_clock)
    engine.load(saved.dumped_at, saved.seconds_ago, saved.swarms)
    return len(saved.swarms)


class Tracker:
    """An engine, and a clock that knows nothing of other engines' clocks."""

    def __init__(self, now: int) -> None:
        self.now = now
        self.engine = Engine(MemoryStore(random), lambda: self.now)
        self.engine.welcome(FILM)

    def announce(self, number: int, *, is_seed: bool = False, event: Event = Event.UPDATE) -> None:
        self.engine.announce(FILM, bytes((10, 0, 0, number, 1, 1)), event, is_seed, 0, 5)

    def announce6(self, number: int) -> None:
        peer = bytes(15) + bytes((number, 1, 1))
        self.engine.announce(FILM, peer, Event.UPDATE, is_seed=False, numwant=0, key=5)

    def numbers(self) -> ScrapeEntry:
        entries = self.engine.scrape([FILM])
        assert isinstance(entries, list)
        return entries[0]

    def sweep(self) -> None:
        for _ in range(2):
            while not self.engine.expire(1000):
                pass


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with saved swarms: one seed, two leeches (one of them paused), one by IPv6."""
    monkeypatch.setattr("time.time", lambda: NOW)
    tracker = Tracker(now=5_000)
    tracker.announce(1, is_seed=True)
    tracker.announce(2)
    tracker.announce(3, event=Event.PAUSED)
    tracker.announce6(4)
    assert asyncio.run(save(tracker.engine, tmp_path))
    return tmp_path


def test_nothing_is_lost_over_a_restart(saved: Path) -> None:
    tracker = Tracker(now=77)
    assert load(tracker.engine, saved) == 2
    assert tracker.numbers() == ScrapeEntry(FILM, 1, 3, 0, downloaders=2)
    tracker.announce(3, event=Event.STOPPED)
    assert tracker.numbers() == ScrapeEntry(FILM, 1, 2, 0, downloaders=2)


def test_peers_grow_older_while_the_tracker_is_away(saved: Path) -> None:
    away = Policy().timeout - 600
    tracker = Tracker(now=77)
    load(tracker.engine, saved, wall_clock=NOW + away)
    assert tracker.numbers().incomplete == 3
    tracker.announce(2)
    tracker.now += 700
    tracker.sweep()
    assert tracker.numbers() == ScrapeEntry(FILM, 0, 1, 0, downloaders=1)


@pytest.mark.parametrize("away", [Policy().timeout + 60, 256 * 16, 10**8])
def test_peers_that_were_silent_too_long_do_not_come_back(saved: Path, away: int) -> None:
    tracker = Tracker(now=77)
    load(tracker.engine, saved, wall_clock=NOW + away)
    assert tracker.numbers() == ScrapeEntry(FILM, 0, 0, 0, 0)


def test_swarms_of_torrents_that_are_not_welcome_stay_away(saved: Path) -> None:
    engine = Engine(MemoryStore(random), lambda: 0)
    load(engine, saved)
    engine.welcome(FILM)
    assert engine.scrape([FILM]) == [ScrapeEntry(FILM, 0, 0, 0, 0)]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: b"something else",
        lambda content: content[:-1],
        lambda content: content[: len(content) // 2],
        lambda content: content[:60] + bytes([content[60] ^ 1]) + content[61:],
        lambda content: content + b"x",
    ],
)
def test_a_damaged_file_is_set_aside_with_a_sentence(
    saved: Path, damage: object, caplog: pytest.LogCaptureFixture
) -> None:
    path = saved / NAME
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    tracker = Tracker(now=77)
    with caplog.at_level(logging.WARNING):
        assert load(tracker.engine, saved) == 0
    assert "peers will come back by themselves." in caplog.text
    assert [each.name for each in saved.iterdir()] == [f"{NAME}.damaged-{int(NOW)}"]


def test_a_file_that_is_not_there_is_no_damage(tmp_path: Path) -> None:
    assert load(Tracker(now=77).engine, tmp_path) == 0


def test_a_full_disk_keeps_the_last_copy(
    saved: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    before = (saved / NAME).read_bytes()
    monkeypatch.setattr(os, "fsync", fail)
    assert not asyncio.run(save(Tracker(now=9).engine, saved))
    assert [each.name for each in saved.iterdir()] == [NAME]
    assert (saved / NAME).read_bytes() == before
    assert "No space left" in caplog.text
