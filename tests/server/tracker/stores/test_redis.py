"""What only the Redis store has: one round trip for an announce, sets that expire, clusters."""

import asyncio
from pathlib import Path
from random import Random

import pytest

from server.tracker.core.policy import Policy
from server.tracker.stores.calls import Calls, Script
from server.tracker.stores.redis import RedisStore, keys
from tests.programs import free_port, wait_until

from ..redis_process import FLUSH, Loop, redis_server

FILM, OTHER = b"F" * 20, b"O" * 20
NOW = 1_000_000
STATISTICS = Script("return redis.call('INFO', 'stats')")
ADD_SLOTS = Script("return redis.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16383)")
CLUSTER = Script("return redis.call('CLUSTER', 'INFO')")
TIMES_TO_LIVE = Script("return {redis.call('TTL', KEYS[1]), redis.call('TTL', KEYS[2])}")


@pytest.fixture
def store(redis: Calls, loop: Loop) -> RedisStore:
    loop.run(redis, FLUSH)
    return RedisStore(redis, Policy().timeout, Random(7).random)


def put(loop: Loop, store: RedisStore, number: int, *, info_hash: bytes = FILM) -> int:
    peer = bytes((10, 0, 0, number, 26, 225))
    outcome = store.put(info_hash, peer, number % 2 == 0, False, 5, NOW, 50)  # noqa: FBT003
    return len(loop.settle(outcome)[4]) // 6


def test_an_announce_is_one_round_trip(redis: Calls, loop: Loop, store: RedisStore) -> None:
    put(loop, store, 1)
    before = requests_until_now(redis, loop)
    put(loop, store, 2)
    assert requests_until_now(redis, loop) - before == 2  # the other one asks for this number


def requests_until_now(redis: Calls, loop: Loop) -> int:
    """How often Redis has read from its connections."""
    said: str = loop.run(redis, STATISTICS).decode()
    return int(said.partition("total_reads_processed:")[2].split()[0])


def test_redis_forgets_swarms_by_itself(redis: Calls, loop: Loop, store: RedisStore) -> None:
    put(loop, store, 1)
    seeds, leeches = loop.run(redis, TIMES_TO_LIVE, *keys(FILM)[:2])
    assert seeds == -2  # no such set
    assert Policy().timeout <= leeches <= Policy().timeout + 60


def test_many_announces_share_a_round_trip(loop: Loop, store: RedisStore) -> None:
    async def crowd() -> list[int]:
        peers = [bytes((10, 0, number >> 8, number & 255, 26, 225)) for number in range(1200)]
        outcomes = await asyncio.gather(
            *(store.put(FILM, peer, False, False, 5, NOW, 1) for peer in peers)  # noqa: FBT003
        )
        return [incomplete for _, incomplete, *_ in outcomes]

    assert loop.settle(crowd()) == list(range(1, 1201))


def test_a_swarm_stays_on_one_machine_of_a_cluster(tmp_path: Path, loop: Loop) -> None:
    port = free_port()
    options = ("--cluster-enabled", "yes", "--cluster-port", str(free_port()), "--port", str(port))
    with redis_server(tmp_path, *options) as (_, socket):
        node = Calls(socket)
        loop.run(node, ADD_SLOTS)
        wait_until("a cluster", lambda: b"cluster_state:ok" in loop.run(node, CLUSTER))
        loop.settle(node.close())
        calls = Calls(f"redis://127.0.0.1:{port}")
        loop.settle(calls.connect())
        store = RedisStore(calls, Policy().timeout, Random(7).random)
        for info_hash in (FILM, OTHER):
            assert [put(loop, store, each, info_hash=info_hash) for each in (1, 2, 3)] == [0, 1, 2]
        assert loop.settle(store.count(FILM, NOW)).complete == 1
        assert loop.settle(calls.kept("passalong:secret", b"one")) == b"one"
        assert loop.settle(calls.kept("passalong:secret", b"other")) == b"one"
        loop.settle(store.drop(FILM))
        assert loop.settle(store.count(FILM, NOW)).complete == 0
        loop.settle(calls.close())
