"""The tracker's process and its site: what it learns, what it writes, how it ends."""

import socket
import sys
from pathlib import Path
from random import Random

import pytest

from tests.programs import wait_until

from .serving.test_allowed_folder import V1, torrent
from .site_process import Site
from .talking import announce, announce_target, ask, compact, exchange
from .talking_udp import UdpClient

FILM = b"f" * 20


def test_a_torrent_is_welcome_once_published_and_refused_soon_after(own_site: Site) -> None:
    with own_site.tracker() as (_, port):
        address = ("127.0.0.1", port)
        assert b"failure reason" in announce(address, FILM)
        own_site.welcome(FILM)
        wait_until("a welcome", lambda: b"peers" in announce(address, FILM), seconds=3)
        own_site.refuse(FILM)
        wait_until("a refusal", lambda: b"failure reason" in announce(address, FILM), seconds=10)


def test_a_scrape_too_asks_the_site(own_site: Site) -> None:
    own_site.welcome(FILM)
    with own_site.tracker() as (_, port):
        target = announce_target(FILM).replace("/announce", "/scrape")
        assert list(ask(("127.0.0.1", port), target)[b"files"]) == [FILM]


def test_peers_and_downloads_outlive_a_restart(own_site: Site) -> None:
    own_site.welcome(FILM)
    for run in (1, 2):
        with own_site.tracker() as (process, port):
            announce(("127.0.0.1", port), FILM, 1000 + run, "&event=completed", left=0)
            announce(("127.0.0.1", port), FILM, 2000)
            assert process.stop() == 0
        assert own_site.numbers(FILM) == (run, 1, run)


def test_an_open_tracker_remembers_strangers_that_nobody_blocked_meanwhile(own_site: Site) -> None:
    blocked = bytes(20)
    with own_site.tracker("--open") as (process, port):
        announce(("127.0.0.1", port), FILM, 1001)
        announce(("127.0.0.1", port), blocked, 1001)
        assert process.stop() == 0
    own_site.block(blocked)
    with own_site.tracker("--open") as (_, port):
        assert announce(("127.0.0.1", port), FILM, 2001)[b"incomplete"] == 2
        assert b"failure reason" in announce(("127.0.0.1", port), blocked, 2001)


def test_no_download_is_lost_when_the_tracker_is_killed(own_site: Site) -> None:
    own_site.welcome(FILM)
    for number in (1, 2, 3):
        with own_site.tracker() as (process, port):
            announce(("127.0.0.1", port), FILM, 1000 + number, "&event=completed", left=0)
            process.kill()
    with own_site.tracker() as (process, port):
        assert process.stop() == 0
    assert own_site.numbers(FILM)[2] == 3


def test_connection_ids_stay_good_over_a_restart(own_site: Site) -> None:
    own_site.welcome(FILM)
    with own_site.tracker() as (_, port), UdpClient(("127.0.0.1", port)) as bob:
        connection_id = bob.connect().connection_id
    with own_site.tracker() as (_, port), UdpClient(("127.0.0.1", port)) as bob:
        bob.connection_id = connection_id
        assert bob.announce(bob.announce_packet(FILM)).incomplete == 1


def test_starts_with_a_damaged_file(own_site: Site) -> None:
    folder = own_site.folder / "tracker"
    folder.mkdir()
    (folder / "swarms").write_bytes(b"damaged")
    with own_site.tracker() as (process, port):
        assert b"failure reason" in announce(("127.0.0.1", port), FILM)
        assert "does not hold saved swarms" in process.output
        assert process.stop() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit.")
def test_goes_on_with_a_disk_that_is_full(own_site: Site) -> None:
    import resource

    own_site.welcome(FILM)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with own_site.tracker() as (process, port):
        # From here on files cannot grow beyond what the log of this test needs.
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (4000, before[1]))
        target = ("127.0.0.1", port)
        announce(target, FILM, 1001, "&event=completed", left=0)
        wait_until("a complaint", lambda: "Cannot save the numbers" in process.output)
        assert announce(target, FILM, 1002)[b"peers"] == compact(1001)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, before)
        wait_until("the numbers", lambda: own_site.numbers(FILM) == (1, 1, 1))
        assert process.stop() == 0


def test_tracks_the_torrents_in_a_folder_as_they_come_and_go(
    own_site: Site, tmp_path: Path
) -> None:
    folder = tmp_path / "allowed"
    folder.mkdir()
    with own_site.tracker("--allowed-dir", folder) as (_, port):
        address = ("127.0.0.1", port)
        assert b"failure reason" in announce(address, V1)
        path = folder / "film.torrent"
        path.write_bytes(torrent())
        wait_until("a welcome", lambda: b"peers" in announce(address, V1))
        path.unlink()
        wait_until("a refusal", lambda: b"failure reason" in announce(address, V1))


def test_an_open_tracker_tracks_all_but_what_is_blocked(own_site: Site) -> None:
    with own_site.tracker("--open") as (_, port):
        address = ("127.0.0.1", port)
        assert b"peers" in announce(address, FILM)
        own_site.block(FILM)
        wait_until("a refusal", lambda: b"failure reason" in announce(address, FILM))


def test_tells_metrics_to_this_machine_only_and_only_when_asked_to(own_site: Site) -> None:
    request = b"GET /metrics HTTP/1.0\r\n"
    with own_site.tracker("--metrics") as (_, port):
        address = ("127.0.0.1", port)
        assert b"passalong_tracker_torrents 0" in exchange(address, request + b"\r\n")
        stranger = request + b"X-Forwarded-For: 203.0.113.7\r\n\r\n"
        assert exchange(address, stranger).startswith(b"HTTP/1.1 404")
    with own_site.tracker() as (_, port):
        assert exchange(("127.0.0.1", port), request + b"\r\n").startswith(b"HTTP/1.1 404")


def test_the_site_sees_the_numbers_while_the_tracker_runs(own_site: Site) -> None:
    own_site.welcome(FILM)
    with own_site.tracker() as (_, port):
        announce(("127.0.0.1", port), FILM, left=0)
        wait_until("the numbers", lambda: own_site.numbers(FILM) == (1, 0, 0), seconds=30)


def test_a_requests_reply_waits_for_the_site_with_the_connection_open(own_site: Site) -> None:
    own_site.welcome(FILM)
    with own_site.tracker() as (_, port):
        request = f"GET {announce_target(FILM)} HTTP/1.1\r\nHost: t\r\n"
        sent = f"{request}\r\n{request}Connection: close\r\n\r\n".encode()
        assert exchange(("127.0.0.1", port), sent).count(b"8:interval") == 2


def test_lives_through_garbage(own_site: Site) -> None:
    own_site.welcome(FILM)
    garbage = Random(7)
    request = f"GET {announce_target(FILM)} HTTP/1.0\r\n\r\n".encode()
    with own_site.tracker() as (process, port):
        address = ("127.0.0.1", port)
        with UdpClient(address) as bob:
            packet = bob.connect().announce_packet(FILM)
            for _ in range(300):
                bob.send(damaged(packet, garbage))
                with socket.create_connection(address) as charlie:
                    charlie.send(damaged(request, garbage))
        assert b"peers" in announce(address, FILM)
        assert process.stop() == 0
        assert "Traceback" not in process.output


def damaged(good: bytes, random: Random) -> bytes:
    """Good bytes with some others in between."""
    start, end = sorted(random.randrange(len(good) + 1) for _ in range(2))
    return good[:start] + random.randbytes(random.randrange(60)) + good[end:]


def test_a_port_in_use_is_a_sentence(own_site: Site, capfd: pytest.CaptureFixture[str]) -> None:
    with own_site.tracker() as (_, port):
        said = own_site.run(
            "from django.core.management import call_command, CommandError\n"
            f"try: call_command('tracker', port={port})\n"
            "except CommandError as error: print(error)"
        )
    assert f"cannot listen on port {port}" in said
