"""A tracker of several processes: it is one tracker, and outlives the death of each of them."""

import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote_from_bytes

import pytest

from tests.programs import Process, wait_until

from .site_process import Site
from .talking import Address, announce, ask, compact, exchange
from .talking_udp import UdpClient

# Of two processes and of three each has one, and one has two.
FILMS = [bytes([number]) * 20 for number in (0x10, 0x77, 0xE0)]
SCRAPE = "/scrape?" + "&".join(f"info_hash={quote_from_bytes(film)}" for film in FILMS)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Elsewhere there is one process.")


@pytest.fixture
def own_site(own_site: Site) -> Site:
    """With three films."""
    own_site.welcome(*FILMS)
    return own_site


@contextmanager
def tracker(site: Site, processes: int, *options: str) -> Iterator[tuple[Process, Address]]:
    """So many processes and the address of all of them."""
    with site.tracker("--processes", str(processes), *options) as (process, port):
        yield process, ("127.0.0.1", port)


def complete(address: Address, port: int) -> None:
    """Announce that each film has been downloaded."""
    for film in FILMS:
        announce(address, film, port, "&event=completed", left=0)


def seeds(address: Address) -> list[int]:
    """How many each film has."""
    found = ask(address, SCRAPE)[b"files"]
    return [found[film][b"complete"] for film in FILMS]


def test_packets_come_to_their_process_and_connections_to_any(own_site: Site) -> None:
    with tracker(own_site, 3, "--metrics") as (process, address):
        for number in range(5):
            with UdpClient(address) as bob:
                bob.connect()
                for film in FILMS:
                    packet = bob.announce_packet(film, 1000 + number)
                    assert bob.announce(packet).incomplete == number + 1
        text = exchange(address, b"GET /metrics HTTP/1.0\r\n\r\n").decode()
        assert re.findall(r"announces_total{.*} (\d+)", text) == ["5", "5", "5"]
        assert re.findall(r"passed_on_total{.*} (\d+)", text) == ["0", "0", "0"]
        for number in range(8):
            answers = [announce(address, film, 2000 + number) for film in FILMS]
            assert {answer[b"incomplete"] for answer in answers} == {6 + number}
        assert set(ask(address, SCRAPE)[b"files"]) == set(FILMS)
        assert process.stop() == 0


def test_another_number_of_processes_keeps_peers_and_downloads(own_site: Site) -> None:
    folder = own_site.folder / "tracker"
    for run, processes in enumerate((2, 1, 3), start=1):
        with tracker(own_site, processes) as (process, address):
            assert seeds(address) == [run - 1] * 3
            complete(address, 1000 + run)
            assert process.stop() == 0
        names = {each.name for each in folder.glob("swarms*")}
        expected = {f"swarms-{index}-of-{processes}" for index in range(processes)}
        assert names == (expected if processes > 1 else {"swarms"})
    assert [own_site.numbers(film) for film in FILMS] == [(3, 0, 3)] * 3


def test_no_download_is_lost_when_all_are_killed(own_site: Site) -> None:
    for run, processes in enumerate((3, 1), start=1):
        with tracker(own_site, processes) as (process, address):
            complete(address, 1000 + run)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    with tracker(own_site, 2) as (process, _):
        assert process.stop() == 0
    assert [own_site.numbers(film)[2] for film in FILMS] == [2, 2, 2]


def test_a_process_that_is_killed_comes_back_with_its_peers(own_site: Site) -> None:
    with tracker(own_site, 2) as (process, address):
        complete(address, 1001)
        assert process.stop() == 0
    with tracker(own_site, 2) as (process, address):
        complete(address, 1002)
        for child in own_site.children(process):
            os.kill(child, signal.SIGKILL)
        answer = wait_until("an answer", lambda: answered(address, FILMS[2]))
        assert answer[b"peers"].count(compact(1001)) == 1
        assert seeds(address) == [1, 1, 1]
        assert "It is started again." in process.output
        assert process.stop() == 0
    assert [own_site.numbers(film)[2] for film in FILMS] == [2, 2, 2]


def answered(address: Address, film: bytes) -> dict[bytes, bytes] | None:
    """The answer of a process that is there."""
    answer = announce(address, film, 2001)
    return None if b"failure reason" in answer else answer


def test_all_end_in_order_when_their_parent_is_killed(own_site: Site) -> None:
    with tracker(own_site, 2) as (process, address):
        complete(address, 1001)
        children = own_site.children(process)
        assert len(children) == 2
        process.kill()
        with tracker(own_site, 3) as (_, address):  # waits for them
            assert not any(map(lives, children))
            assert seeds(address) == [1, 1, 1]


def lives(pid: int) -> bool:
    """Whether a process runs; one that has ended may still wait to be looked at."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def test_ends_with_a_sentence_when_a_process_cannot_start(tmp_path: Path) -> None:
    site = Site(tmp_path)  # without tables
    said = site.run(
        "from django.core.management import call_command, CommandError\n"
        "try: call_command('tracker', port=0, processes=2)\n"
        "except CommandError as error: print(error)"
    )
    assert re.search(r"Process \d of the tracker ended with 1\.", said)


@pytest.mark.parametrize(
    ("processes", "variables", "sentence"),
    [
        (0, {}, "Choose from 1 to 32."),
        (33, {}, "Choose from 1 to 32."),
        (2, {"REDIS_URL": "redis://localhost/0"}, "Start several trackers instead"),
    ],
)
def test_says_what_cannot_be(
    tmp_path: Path, processes: int, variables: dict[str, str], sentence: str
) -> None:
    said = Site(tmp_path, **variables).run(
        "from django.core.management import call_command, CommandError\n"
        f"try: call_command('tracker', port=0, processes={processes})\n"
        "except CommandError as error: print(error)"
    )
    assert sentence in said
