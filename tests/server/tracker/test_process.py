"""The tracker's process and its site: what it learns, what it writes, how it ends."""

import pytest

from tests.programs import wait_until

from .site_process import Site
from .talking import announce, announce_target, ask, exchange

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


def test_the_last_numbers_are_saved_and_downloads_add_up(own_site: Site) -> None:
    own_site.welcome(FILM)
    for run in (1, 2):
        with own_site.tracker() as (process, port):
            announce(("127.0.0.1", port), FILM, 1000 + run, "&event=completed", left=0)
            announce(("127.0.0.1", port), FILM, 2000)
            assert process.stop() == 0
        assert own_site.numbers(FILM) == (1, 1, run)


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


def test_a_port_in_use_is_a_sentence(own_site: Site, capfd: pytest.CaptureFixture[str]) -> None:
    with own_site.tracker() as (_, port):
        said = own_site.run(
            "from django.core.management import call_command, CommandError\n"
            f"try: call_command('tracker', port={port})\n"
            "except CommandError as error: print(error)"
        )
    assert f"cannot listen on port {port}" in said
