"""Trackers on several machines over one database and one Redis: one swarm, one total."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.programs import Process, wait_until

from .redis_process import redis_server
from .site_process import Site
from .talking import Address, announce, announce_target, ask, compact
from .talking_udp import UdpClient

FILM = b"f" * 20


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[tuple[Process, str]]:
    """A Redis for this test alone."""
    with redis_server(tmp_path) as server:
        yield server


@pytest.fixture
def machines(tmp_path: Path, own_redis: tuple[Process, str]) -> list[Site]:
    """Two data folders of one site, which has published a film."""
    database = f"sqlite:///{tmp_path / 'site.sqlite3'}"
    machines = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        machines.append(Site(tmp_path / name, DATABASE_URL=database, REDIS_URL=own_redis[1]))
    machines[0].migrate()
    machines[0].welcome(FILM)
    return machines


@pytest.fixture
def trackers(machines: list[Site]) -> Iterator[list[Address]]:
    """The addresses of both trackers."""
    with machines[0].tracker() as (_, one), machines[1].tracker() as (_, other):
        yield [("127.0.0.1", one), ("127.0.0.1", other)]


def test_two_trackers_see_one_swarm(machines: list[Site], trackers: list[Address]) -> None:
    one, other = trackers
    announce(one, FILM, 1001, "&event=completed", left=0)
    with UdpClient(one) as bob:
        connection_id = bob.connect().connection_id
    with UdpClient(other) as bob:
        bob.connection_id = connection_id  # made by the other one
        assert bob.announce(bob.announce_packet(FILM, 1002)).peers == compact(1001)
    assert announce(other, FILM, 1003, left=0)[b"complete"] == 2
    announce(other, FILM, 1003, "&event=completed", left=0)
    _, _, query = announce_target(FILM).partition("?")

    def told_by_the_other() -> bool:
        found = ask(other, f"/scrape?{query}")[b"files"][FILM]
        return bool(found[b"downloaded"] == 1)

    wait_until("the download that the first one counted", told_by_the_other)
    assert machines[0].numbers(FILM) == (2, 1, 1)


def test_peers_outlive_both_trackers(machines: list[Site]) -> None:
    with machines[0].tracker() as (process, port):
        announce(("127.0.0.1", port), FILM, 1001)
        process.kill()
    with machines[1].tracker() as (_, port):
        assert announce(("127.0.0.1", port), FILM, 1002)[b"peers"] == compact(1001)


def test_says_so_while_redis_is_away(
    machines: list[Site], own_redis: tuple[Process, str], tmp_path: Path
) -> None:
    with machines[0].tracker() as (process, port):
        address = ("127.0.0.1", port)
        assert b"peers" in announce(address, FILM)
        own_redis[0].kill()
        answer = announce(address, FILM)
        assert b"cannot reach its list of peers" in answer[b"failure reason"]
        assert answer[b"retry in"] == 1
        with UdpClient(address) as bob:
            bob.connect()
            assert b"cannot reach" in bob.exchange(bob.announce_packet(FILM))
        (tmp_path / "redis.log").unlink()
        with redis_server(tmp_path):
            wait_until("the swarm", lambda: b"peers" in announce(address, FILM))
            assert process.stop() == 0


def test_does_not_start_without_its_redis(
    machines: list[Site], own_redis: tuple[Process, str]
) -> None:
    own_redis[0].kill()
    said = machines[0].run(
        "from django.core.management import call_command, CommandError\n"
        "try: call_command('tracker', port=0)\n"
        "except CommandError as error: print(error)"
    )
    assert "REDIS_URL is unix://" in said
