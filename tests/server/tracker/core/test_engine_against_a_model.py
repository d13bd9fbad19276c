"""Any sequence of announces leaves the engine and a naive model with the same numbers."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from server.tracker.core.engine import Engine
from server.tracker.core.messages import Event
from server.tracker.core.policy import Policy
from server.tracker.core.store import Store

from ..conftest import MakeStore
from ..redis_process import Loop

# Bytes that repeat, so that a peer can also be found across the border of two others.
PEERS = [bytes((1, 1, 1, a)) + bytes((1, b)) for a in (1, 2) for b in (1, 2, 3)]
PEERS += [bytes(15) + bytes((number, 1, 1)) for number in range(4)]
# The memory store's clock has 256 ticks of 16 seconds, so a silent peer is only noticed while less
# than that has passed: a round of expiry must come often enough.
MOST_TICKS = 255 - 2700 // 16
TORRENTS = [b"A" * 20, b"B" * 20]


class Swarms(RuleBasedStateMachine):
    """Announces, silence and expiry in any order."""

    def __init__(self, store: Store, loop: Loop) -> None:
        super().__init__()
        self.now = 160_000
        self.settle = loop.settle
        self.engine = Engine(store, lambda: self.now)
        self.model: dict[tuple[bytes, bytes], tuple[bool, int]] = {}
        self.completed: set[tuple[bytes, bytes]] = set()
        for info_hash in TORRENTS:
            self.engine.welcome(info_hash)

    @rule(
        info_hash=st.sampled_from(TORRENTS),
        peer=st.sampled_from(PEERS),
        event=st.sampled_from(Event),
        is_seed=st.booleans(),
        numwant=st.integers(-1, 12),
    )
    def announce(
        self, info_hash: bytes, peer: bytes, event: Event, is_seed: bool, numwant: int
    ) -> None:
        was_seed = self.model.get((info_hash, peer), (False, 0))[0]
        if event is Event.STOPPED:
            self.model.pop((info_hash, peer), None)
        else:
            self.model[info_hash, peer] = is_seed, self.now
            if event is Event.COMPLETED and is_seed and not was_seed:
                self.completed.add((info_hash, peer))
        reply = self.settle(self.engine.announce(info_hash, peer, event, is_seed, numwant, 0))
        if event is not Event.STOPPED:
            self.check_named(info_hash, peer, is_seed, numwant, reply.peers, reply.peers6)

    def check_named(
        self, info_hash: bytes, peer: bytes, is_seed: bool, numwant: int, four: bytes, six: bytes
    ) -> None:
        named = [four[at : at + 6] for at in range(0, len(four), 6)]
        named += [six[at : at + 18] for at in range(0, len(six), 18)]
        wanted = {
            other
            for (torrent, other), (other_is_seed, _) in self.model.items()
            if torrent == info_hash and other != peer and not (is_seed and other_is_seed)
        }
        assert len(set(named)) == len(named)
        assert set(named) <= wanted
        assert len(named) == (len(wanted) if numwant < 0 else min(numwant, len(wanted)))

    @rule(ticks=st.integers(1, MOST_TICKS))
    def wait(self, ticks: int) -> None:
        self.now += ticks * 16
        self.expire()

    def expire(self) -> None:
        while not self.settle(self.engine.expire(limit=2)):
            pass
        timeout = Policy().timeout // 16 * 16
        self.model = {
            key: (is_seed, seen)
            for key, (is_seed, seen) in self.model.items()
            if self.now - seen <= timeout
        }

    @invariant()
    def numbers_are_equal(self) -> None:
        for entry in self.settle(self.engine.scrape(TORRENTS)):
            seeds = [
                seed
                for (info_hash, _), (seed, _) in self.model.items()
                if info_hash == entry.info_hash
            ]
            assert entry.complete == sum(seeds)
            assert entry.incomplete == len(seeds) - sum(seeds)
            done = sum(info_hash == entry.info_hash for info_hash, _ in self.completed)
            assert entry.downloaded == done


def test_numbers_stay_those_of_a_naive_model(make_store: MakeStore, loop: Loop) -> None:
    run_state_machine_as_test(
        lambda: Swarms(make_store(), loop),
        settings=settings(max_examples=25, stateful_step_count=40, deadline=None),
    )
