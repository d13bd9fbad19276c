"""The site is killed while the window downloads: people go on; the window says what is wrong."""

import os
import random
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from client.engine.transfer import Limits, Wishes
from client.opening.what import Torrent, open_torrent
from tests.client.conftest import QUIET
from tests.client.gui.conftest import Person
from tests.story.people import ON_THIS_COMPUTER
from tests.story.people import Person as Visitor
from tests.story.site import ADMIN, PASSWORD, Site, keep_no_copies, serving, set_up

SIZE = 1_500_000
NAME = "Around the World.mkv"
GONE = "The site does not answer at the moment; I keep trying."
# Half a minute for all of it: nothing that happens meanwhile takes that long.
SLOW = Wishes(Limits(0, SIZE // 30), settings=QUIET)
# Asked again after five seconds however often it did not answer; else it is a quarter of a minute.
IMPATIENT = Wishes(settings=(*QUIET, ("tracker_backoff", "0")))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site for everybody to lose."""
    with serving(tmp_path / "data", tmp_path / "serve.log") as site:
        set_up(site)
        keep_no_copies(site)
        yield site


@pytest.fixture
def film(site: Site, tmp_path: Path) -> Iterator[Torrent]:
    """What Alice publishes and shares by a program of her own."""
    path = tmp_path / NAME
    path.write_bytes(random.Random(7).randbytes(SIZE))
    quiet = [f"--setting={name}={value}" for name, value in ON_THIS_COMPUTER.items()]
    with Visitor("alice", site, tmp_path) as alice:
        alice.browser.sign_in(ADMIN, PASSWORD)
        ticket = alice.folder / "ticket.passalong"
        alice.browser.send_and_save("/upload/", "/upload/ticket/", ticket)
        publish = [sys.executable, "-m", "client", "publish", ticket, path, "--no-window"]
        alice.run([*publish, *quiet])
        yield open_torrent(alice.download_torrent(alice.wait_for_release(path.stem)))


def test_people_go_on_without_the_site_and_it_is_asked_again(
    person: Person, site: Site, film: Torrent, tmp_path: Path
) -> None:
    person.desk._engine.change(SLOW)
    person.desk.ask(film)
    person.clicks("Download")
    person.sees("Getting it from 1 person.")
    os.killpg(site.process.pid, signal.SIGKILL)
    site.process.wait()
    assert not person.desk.transfers[0].progress.is_complete

    person.desk._engine.change(IMPATIENT)
    person.sees("Done: it is in Downloads")
    assert (tmp_path / "Downloads" / NAME).read_bytes() == random.Random(7).randbytes(SIZE)
    person.sees(GONE)
    ports = (site.port, site.tracker_port)
    with serving(site.data_dir, tmp_path / "again.log", ports=ports):
        person.wait_for("an answer", lambda: GONE not in person.texts(), 60)
