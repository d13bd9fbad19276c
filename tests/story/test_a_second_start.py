"""One window: whatever a second process is started with arrives there, and nobody else's does."""

import json
import os
import socket
import stat
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from client.opening.handover import Request
from installer.formats import magnet, ticket
from installer.formats.magnet import Magnet
from tests.client.site_double import SiteDouble, open_site
from tests.programs import Process, wait_until
from tests.story.bundles import make_torrent, open_copies
from tests.story.desktop import CLIENT, SECONDS, Desktop, open_desktop

NOBODY = 65534


@pytest.fixture(scope="module")
def bob(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desktop]:
    with open_desktop(tmp_path_factory.mktemp("bob")) as bob:
        yield bob


@pytest.fixture(scope="module")
def window(bob: Desktop) -> Iterator[Process]:
    """The one that is open all the time."""
    with bob.opens([*CLIENT]) as window:
        wait_until("the window", bob.titles, SECONDS)
        yield window


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteDouble]:
    """A site with a torrent, which takes what is published."""
    with open_copies() as copies, open_site() as site:
        site.answer("/film.torrent", make_torrent("linked.mkv", copies))
        published = {"info_hash": "ab", "page_url": f"{site.url}/torrents/ab/", "torrent_url": "t"}
        site.answer("/api/v1/torrents", json.dumps(published).encode(), 201)
        yield site


def start_with(kind: str, name: str, site: SiteDouble, folder: Path) -> list[str | Path]:
    """The words of a start that brings what is called so."""
    path = folder / name
    match kind:
        case "torrent":
            path.write_bytes(make_torrent(name, site.url))
            return [path]
        case "magnet":
            return [magnet.write(Magnet(bytes(range(20)), name=name))]
        case "link":
            return [f"passalong:{site.url}/film.torrent"]
        case _:
            path.with_suffix(".passalong").write_bytes(ticket.write(site.ticket()))
            path.write_bytes(b"la" * 1000)
            return ["publish", path.with_suffix(".passalong"), path]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("torrent", "opened.mkv"),
        ("magnet", "wished.mkv"),
        ("link", "linked.mkv"),
        ("ticket", "mine.mkv"),
    ],
)
def test_the_window_gets_what_a_second_process_was_given(
    kind: str, name: str, bob: Desktop, window: Process, site: SiteDouble, tmp_path: Path
) -> None:
    bob.runs(*CLIENT, *start_with(kind, name, site, tmp_path))
    bob.accepts(name)
    assert window.exit_code is None
    assert len(bob.titles()) == 1


@contextmanager
def knocking(door: Path) -> Iterator[Callable[[], socket.socket]]:
    """Connect to a socket as another user of this computer."""
    with socket.socket(socket.AF_UNIX) as stranger:

        def knock() -> socket.socket:
            os.seteuid(NOBODY)
            try:
                stranger.connect(str(door))
            finally:
                os.seteuid(0)
            return stranger

        yield knock


@contextmanager
def careless(*places: Path) -> Iterator[None]:
    """Somebody has opened these places to everybody."""
    before = [place.stat().st_mode for place in places]
    for place in places:
        place.chmod(0o777)
    try:
        yield
    finally:
        for place, mode in zip(places, before, strict=True):
            place.chmod(stat.S_IMODE(mode))


@pytest.mark.skipif(bool(os.geteuid()), reason="Only root may act as another user.")
def test_another_user_can_ask_the_window_nothing(
    bob: Desktop, window: Process, site: SiteDouble, tmp_path: Path
) -> None:
    folder = bob.session / f"passalong-{os.getuid()}"
    (door,) = folder.iterdir()
    message = Request(("quit",)).write()
    with careless(bob.session), knocking(door) as knock, pytest.raises(PermissionError):
        knock()
    with careless(bob.session, folder, door), knocking(door) as knock:
        stranger = knock()
        with suppress(OSError):
            stranger.sendall(struct.pack("!I", len(message)) + message)
            assert not stranger.recv(1)
    bob.runs(*CLIENT, *start_with("torrent", "after.mkv", site, tmp_path))
    bob.accepts("after.mkv")
    assert window.exit_code is None
