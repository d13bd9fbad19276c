"""The tracker's decisions, over each store."""

from random import Random

import pytest

from server.tracker.core.engine import Engine
from server.tracker.core.errors import UnknownTorrentError
from server.tracker.core.messages import AnnounceReply, Counts, Event, ScrapeEntry
from server.tracker.core.policy import Policy
from server.tracker.core.store import Store
from server.tracker.stores.memory import MemoryStore

from ..conftest import MakeStore
from ..redis_process import Loop

FILM = b"F" * 20
OTHER = b"O" * 20


def peer(number: int, port: int = 6881) -> bytes:
    return bytes((10, 0, number >> 8, number & 0xFF)) + port.to_bytes(2, "big")


def peer6(number: int) -> bytes:
    return bytes.fromhex("20010db8") + number.to_bytes(12, "big") + b"\x1a\xe1"


ALICE, BOB, CHARLIE = peer(1), peer(2), peer(3)


class Tracker:
    """An engine with a clock that a test moves."""

    def __init__(self, store: Store, loop: Loop) -> None:
        self.now = 1_000_000.0
        self.settle = loop.settle
        self.engine = Engine(store, lambda: self.now)
        self.engine.welcome(FILM)

    def announce(
        self,
        who: bytes,
        event: Event = Event.UPDATE,
        *,
        left: int = 1,
        numwant: int = -1,
        key: int = 0,
        info_hash: bytes = FILM,
    ) -> AnnounceReply:
        return self.settle(self.engine.announce(info_hash, who, event, left == 0, numwant, key))

    def expire(self) -> None:
        while not self.settle(self.engine.expire(limit=3)):
            pass

    def counts(self) -> list[Counts]:
        return self.settle(self.engine.counts())

    def scrape(self, *info_hashes: bytes) -> list[ScrapeEntry]:
        return self.settle(self.engine.scrape(info_hashes or [FILM]))

    def downloaded(self) -> int:
        return self.scrape()[0].downloaded


@pytest.fixture
def tracker(make_store: MakeStore, loop: Loop) -> Tracker:
    return Tracker(make_store(), loop)


def split(compact: bytes, width: int = 6) -> list[bytes]:
    return [compact[start : start + width] for start in range(0, len(compact), width)]


def test_refuses_a_torrent_it_was_not_told_about(tracker: Tracker) -> None:
    with pytest.raises(UnknownTorrentError, match="does not know"):
        tracker.announce(CHARLIE, info_hash=OTHER)


def test_names_the_others_but_never_the_asking_peer(tracker: Tracker) -> None:
    tracker.announce(ALICE, left=0)
    assert tracker.announce(BOB).peers == ALICE
    assert tracker.announce(ALICE, left=0).peers == BOB
    assert tracker.announce(BOB).peers == ALICE


def test_gives_no_seeds_to_seeds(tracker: Tracker) -> None:
    tracker.announce(ALICE, left=0)
    assert tracker.announce(BOB, left=0).peers == b""


def test_counts_seeds_and_leeches(tracker: Tracker) -> None:
    tracker.announce(ALICE, left=0)
    tracker.announce(BOB)
    reply = tracker.announce(CHARLIE)
    assert (reply.complete, reply.incomplete) == (1, 2)


def test_forgets_who_stops(tracker: Tracker) -> None:
    tracker.announce(ALICE, left=0)
    tracker.announce(ALICE, Event.STOPPED, left=0)
    reply = tracker.announce(BOB)
    assert (reply.complete, reply.incomplete, reply.peers) == (0, 1, b"")


def test_gives_no_peers_to_who_stops(tracker: Tracker) -> None:
    tracker.announce(ALICE, left=0)
    tracker.announce(BOB)
    assert tracker.announce(BOB, Event.STOPPED).peers == b""


def test_stopping_without_having_been_there_changes_nothing(tracker: Tracker) -> None:
    reply = tracker.announce(CHARLIE, Event.STOPPED)
    assert (reply.complete, reply.incomplete) == (0, 0)


def test_ignores_a_stop_with_another_key(tracker: Tracker) -> None:
    tracker.announce(ALICE, left=0, key=5)
    assert tracker.announce(ALICE, Event.STOPPED, key=6).complete == 1
    assert tracker.announce(ALICE, Event.STOPPED, key=5).complete == 0


def test_counts_a_completion_once_however_often_it_is_told(tracker: Tracker) -> None:
    tracker.announce(BOB, Event.STARTED)
    for _ in range(1000):
        tracker.announce(BOB, Event.COMPLETED, left=0)
    assert tracker.downloaded() == 1


def test_counts_a_completion_once_however_often_its_peer_comes_back(tracker: Tracker) -> None:
    for _ in range(10):
        tracker.announce(BOB, Event.STARTED)
        tracker.announce(BOB, Event.COMPLETED, left=0)
        tracker.announce(BOB, Event.STOPPED, left=0)
    assert tracker.downloaded() == 1


def test_counts_the_completion_of_every_peer(tracker: Tracker) -> None:
    for who in (BOB, CHARLIE):
        tracker.announce(who, Event.COMPLETED, left=0)
    assert tracker.downloaded() == 2


def test_a_peer_that_was_a_seed_from_the_start_completes_nothing(tracker: Tracker) -> None:
    tracker.announce(ALICE, Event.STARTED, left=0)
    tracker.announce(ALICE, Event.COMPLETED, left=0)
    assert tracker.downloaded() == 0


def test_completing_with_something_left_is_no_download(tracker: Tracker) -> None:
    tracker.announce(BOB, Event.COMPLETED, left=1)
    assert tracker.downloaded() == 0


def test_a_partial_seed_is_incomplete_but_no_downloader(tracker: Tracker) -> None:
    tracker.announce(ALICE, Event.PAUSED)
    tracker.announce(BOB)
    assert tracker.scrape() == [ScrapeEntry(FILM, 0, 2, 0, downloaders=1)]
    tracker.announce(ALICE, Event.STARTED)
    assert tracker.scrape() == [ScrapeEntry(FILM, 0, 2, 0, downloaders=2)]
    tracker.announce(ALICE, Event.PAUSED)
    tracker.announce(ALICE, Event.STOPPED)
    assert tracker.scrape() == [ScrapeEntry(FILM, 0, 1, 0, downloaders=1)]


def test_notes_a_download_once_before_it_answers() -> None:
    noted: list[bytes] = []
    engine = Engine(MemoryStore(Random(7).random), lambda: 0, note_completion=noted.append)
    engine.welcome(FILM)
    for _ in range(3):
        engine.announce(FILM, ALICE, Event.COMPLETED, is_seed=True, numwant=0, key=0)
    assert noted == [FILM]


def test_goes_on_counting_where_the_site_stopped(tracker: Tracker) -> None:
    tracker.engine.welcome(OTHER, downloaded=41)
    tracker.announce(BOB, Event.COMPLETED, left=0, info_hash=OTHER)
    assert tracker.scrape(OTHER)[0].downloaded == 42


@pytest.mark.parametrize(
    ("numwant", "given"), [(0, 0), (1, 1), (30, 30), (-1, 50), (200, 200), (10**30, 200)]
)
def test_gives_as_many_as_wanted_up_to_a_limit(tracker: Tracker, numwant: int, given: int) -> None:
    for number in range(300):
        tracker.announce(peer(number), numwant=0)
    assert len(tracker.announce(peer(7), numwant=numwant).peers) == given * 6


def test_names_every_peer_at_most_once(tracker: Tracker) -> None:
    for number in range(120):
        tracker.announce(peer(number), left=number % 3, numwant=0)
    for number in range(120):
        named = split(tracker.announce(peer(number), left=number % 3, numwant=110).peers)
        assert len(set(named)) == len(named)
        assert peer(number) not in named


def test_everybody_is_named_sooner_or_later(tracker: Tracker) -> None:
    everybody = {peer(number) for number in range(300)}
    for who in everybody:
        tracker.announce(who, numwant=0)
    named = {who for _ in range(100) for who in split(tracker.announce(ALICE, numwant=50).peers)}
    assert named == everybody - {ALICE}


def test_names_peers_of_both_families_the_own_one_first(tracker: Tracker) -> None:
    tracker.announce(peer6(1), left=0)
    reply = tracker.announce(BOB)
    assert (reply.peers, reply.peers6) == (b"", peer6(1))
    reply = tracker.announce(peer6(2), numwant=1)
    assert (reply.peers, reply.peers6) == (b"", peer6(1))
    reply = tracker.announce(peer6(2), numwant=2)
    assert (reply.peers, reply.peers6) == (BOB, peer6(1))


def test_drops_peers_that_fall_silent(tracker: Tracker) -> None:
    for number in range(10):
        tracker.announce(peer(number), left=number % 2)
    tracker.now += Policy().timeout - 60
    tracker.announce(ALICE)
    tracker.now += 120
    tracker.expire()
    reply = tracker.announce(BOB)
    assert (reply.complete, reply.incomplete, reply.peers) == (0, 2, ALICE)


def test_answers_while_it_drops_peers(loop: Loop) -> None:
    tracker = Tracker(MemoryStore(Random(7).random), loop)
    for number in range(50):
        tracker.announce(peer(number))
    tracker.now += Policy().timeout + 60
    assert not tracker.engine.expire(limit=10)
    assert tracker.announce(peer(99)).incomplete == 41
    tracker.expire()  # what the newcomer moved behind the sweep is found in the next round
    tracker.expire()
    assert tracker.announce(peer(99)).incomplete == 1


def test_says_what_changed_and_only_once(tracker: Tracker) -> None:
    tracker.announce(ALICE, left=0)
    tracker.announce(BOB, Event.COMPLETED, left=0)
    assert tracker.counts() == [Counts(FILM, 2, 0, addresses=2)]
    assert tracker.engine.completions() == {FILM: 1}
    assert tracker.engine.completions() == {}
    tracker.announce(ALICE, left=0)
    assert tracker.counts() == []


def test_says_so_when_peers_fell_silent(tracker: Tracker) -> None:
    tracker.announce(ALICE, left=0)
    tracker.counts()
    tracker.now += Policy().timeout + 60
    tracker.expire()
    assert tracker.counts() == [Counts(FILM, 0, 0, addresses=0)]


def test_tells_all_numbers_once_more_when_asked_to(tracker: Tracker) -> None:
    tracker.announce(ALICE, left=0)
    tracker.counts()
    tracker.engine.recount()
    assert tracker.counts() == [Counts(FILM, 1, 0, addresses=1)]


def test_forgets_the_peers_of_a_refused_torrent(tracker: Tracker) -> None:
    tracker.announce(ALICE, left=0)
    tracker.settle(tracker.engine.refuse(FILM))
    with pytest.raises(UnknownTorrentError):
        tracker.announce(BOB)
    assert tracker.scrape() == []
    tracker.engine.welcome(FILM)
    assert tracker.announce(BOB).complete == 0


def test_scrapes_only_what_is_welcome(tracker: Tracker) -> None:
    tracker.announce(ALICE, left=0)
    assert [tuple(entry) for entry in tracker.scrape(OTHER, FILM)] == [(FILM, 1, 0, 0, 0)]


@pytest.mark.parametrize(("peers", "seconds"), [(1, 300), (50, 300), (100, 600), (10_000, 1800)])
def test_small_swarms_come_back_sooner(peers: int, seconds: int) -> None:
    assert Policy().interval(peers) == seconds


def test_one_address_cannot_fill_a_swarm(tracker: Tracker) -> None:
    tracker.announce(ALICE, left=0)
    for port in range(1, 2000):
        tracker.announce(peer(9, port), numwant=0)
    reply = tracker.announce(BOB, numwant=200)
    assert reply.incomplete <= 250
    assert ALICE in split(reply.peers)
