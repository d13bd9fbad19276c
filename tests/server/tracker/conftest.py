"""A tracker to look at from outside: the real process, or any other at a given address.

And both stores, for the tests of what goes on inside.
"""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from shutil import copy

import pytest

from server.tracker.core.policy import Policy
from server.tracker.core.store import Store
from server.tracker.stores.calls import Calls
from server.tracker.stores.memory import MemoryStore
from server.tracker.stores.redis import RedisStore

from .redis_process import FLUSH, Loop, redis_server
from .site_process import Site

# These look at processes with a database of their own: another one here makes no difference.
PROCESSES = ["black_box", "black_box_udp", "many_machines", "process", "processes", "real_peers"]
collect_ignore = [f"test_{name}.py" for name in PROCESSES if os.environ.get("DATABASE_URL")]

MakeStore = Callable[[], Store]

# Info-hashes that the tracker under test must welcome, each for one test.
# Half of them belong to the first of two processes.
NUMBERS = [number for pair in zip(range(128, 248), range(120), strict=True) for number in pair]
WELCOME = [bytes([number]) * 20 for number in NUMBERS if number != ord("?")]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with some releases."""
    site = Site(tmp_path_factory.mktemp("site"))
    site.migrate()
    site.welcome(*WELCOME)
    return site


GIVEN = os.environ.get("TRACKER_UNDER_TEST")
COUNTS = ["1"] if GIVEN or sys.platform != "linux" else ["1", "2"]
ONE_PROCESS = pytest.mark.parametrize("address", ["1"], indirect=True)  # two do nothing else here


@pytest.fixture(scope="session", params=COUNTS)
def address(request: pytest.FixtureRequest) -> Iterator[tuple[str, int]]:
    """Host and port of the tracker under test, which has one process or two.

    TRACKER_UNDER_TEST=HOST:PORT names another one, which must welcome `WELCOME`.
    """
    if GIVEN:
        host, _, port = GIVEN.rpartition(":")
        yield host, int(port)
        return
    site: Site = request.getfixturevalue("site")
    with site.tracker("--processes", request.param) as (_, port):
        yield "127.0.0.1", port


@pytest.fixture(scope="session")
def unused() -> Iterator[bytes]:
    """Welcome info-hashes that no test has used."""
    return iter(WELCOME)


@pytest.fixture
def film(unused: Iterator[bytes]) -> bytes:
    """A welcome info-hash for this test alone."""
    return next(unused)


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without rows: making one takes seconds."""
    site = Site(tmp_path_factory.mktemp("tables"))
    site.migrate()
    return site.folder / "db.sqlite3"


@pytest.fixture
def own_site(tmp_path: Path, tables: Path) -> Site:
    """A site for this test alone."""
    copy(tables, tmp_path)
    return Site(tmp_path)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Redis that all tests share."""
    with redis_server(tmp_path_factory.mktemp("redis")) as (_, url):
        yield url


@pytest.fixture(scope="session")
def loop() -> Iterator[Loop]:
    """Where answers that come later are waited for."""
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def redis(redis_url: str, loop: Loop) -> Iterator[Calls]:
    """The connection to that Redis."""
    calls = Calls(redis_url)
    loop.settle(calls.connect())
    yield calls
    loop.settle(calls.close())


@pytest.fixture(params=["memory", "redis"])
def make_store(request: pytest.FixtureRequest, loop: Loop) -> MakeStore:
    """Makes an empty store of each kind."""
    if request.param == "memory":
        return lambda: MemoryStore(Random(7).random)
    calls: Calls = request.getfixturevalue("redis")

    def make() -> RedisStore:
        loop.run(calls, FLUSH)
        return RedisStore(calls, Policy().timeout, Random(7).random)

    return make
