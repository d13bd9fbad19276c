"""Copies on a real disk, fetched from a real peer."""

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from server.catalog.models import Release, SiteCopy
from server.catalog.services import remove, set_hidden, torrent_bytes
from server.seeding import pulse, services
from server.seeding.keeping import Keeper
from server.seeding.models import Copy
from server.seeding.places import file_of, files_of, folder_of
from server.site.models import Site
from tests.server import factories
from tests.server.factories import NOON

from .conftest import CONTENT, Run, SmallTracker, fetching, folder_of_files, sharing

pytestmark = pytest.mark.django_db

Begin = Callable[[], Run]


@pytest.fixture
def run(seeder: Begin, film: Release, tracker: SmallTracker, tmp_path: Path) -> Run:
    """A seeder that has fetched the film."""
    torrent = torrent_bytes(film, Site.objects.current())
    run = seeder()
    (tmp_path / "film.mkv").write_bytes(CONTENT)
    with sharing(tmp_path, torrent) as port:
        tracker.peers.append(port)
        run.until_it_is(Copy.State.HERE, film)
    return run


def test_fetches_what_is_published_and_tells_the_catalog(run: Run, film: Release) -> None:
    film.refresh_from_db()
    assert file_of(film.info_hash, 0).read_bytes() == CONTENT
    assert film.site_copy == SiteCopy.HERE
    assert Copy.objects.get().done_bytes == len(CONTENT)


def test_gives_its_copy_to_others_and_counts_what_it_gave(
    run: Run, film: Release, tracker: SmallTracker, tmp_path: Path
) -> None:
    torrent = torrent_bytes(film, Site.objects.current())
    with fetching(tmp_path, torrent, run.keeper.port) as visitor:
        run.until("the visitor has it", lambda: visitor.status().is_seeding)
    run.until("it is written down", lambda: Copy.objects.get().given_bytes >= len(CONTENT))
    film.refresh_from_db()
    assert film.carried_by_site == Copy.objects.get().given_bytes


def test_goes_on_after_a_restart_without_reading_everything_again(
    run: Run, seeder: Begin, film: Release, tracker: SmallTracker
) -> None:
    tracker.peers.clear()
    run.keeper.close(run.now)
    path = file_of(film.info_hash, 0)
    content, times = bytearray(path.read_bytes()), path.stat()
    content[0] ^= 1  # Who reads it again finds out.
    path.write_bytes(content)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    again = seeder()
    again.until("it is shared", lambda: bool(tracker.said("started")[1:]))
    assert Copy.objects.get().state == Copy.State.HERE


def test_its_own_download_says_who_it_is(run: Run, tracker: SmallTracker) -> None:
    assert {asked["peer_id"][0][:3] for asked in tracker.asked} == {"-PS"}


def test_what_was_let_go_is_deleted(run: Run, film: Release) -> None:
    services.change(Copy.objects.get(), Copy.State.UNWANTED)
    run.until("it is deleted", lambda: not folder_of(film.info_hash).exists())
    film.refresh_from_db()
    assert film.site_copy == SiteCopy.NONE


def test_what_belongs_to_no_release_any_more_is_deleted(run: Run, film: Release) -> None:
    info_hash = film.info_hash
    (folder_of(info_hash).parent / "lost+found").mkdir()
    remove(film)
    run.until("it is deleted", lambda: not folder_of(info_hash).exists())
    assert (folder_of(info_hash).parent / "lost+found").exists()


def test_what_is_hidden_is_kept_and_not_shared(
    run: Run, film: Release, tracker: SmallTracker
) -> None:
    set_hidden(film, is_hidden=True)
    run.until("it has left the swarm", lambda: bool(tracker.said("stopped")))
    assert file_of(film.info_hash, 0).exists()
    set_hidden(film, is_hidden=False)
    run.until("it is back", lambda: bool(tracker.said("started")[1:]))


def test_what_has_lost_its_file_is_fetched_again(
    run: Run, seeder: Begin, film: Release, tracker: SmallTracker, tmp_path: Path
) -> None:
    run.keeper.close(run.now)
    shutil.rmtree(folder_of(film.info_hash))
    again = seeder()
    tracker.peers.clear()
    again.until_it_is(Copy.State.COMING, film)
    film.refresh_from_db()
    assert film.site_copy == SiteCopy.COMING


def test_rests_while_another_seeder_of_the_site_is_at_work(seeder: Begin, film: Release) -> None:
    assert pulse.beat("elsewhere", NOON)
    run = seeder()
    run.keeper.look(run.now)
    assert not Copy.objects.exists()
    run.later(pulse.LONGEST_SILENCE)
    run.until_it_is(Copy.State.COMING, film)


def test_takes_another_port_when_its_own_is_taken(film: Release, copies: Path) -> None:
    with socket.create_server(("0.0.0.0", 0)) as other:
        run = Run(Keeper("here", other.getsockname()[1]))
        run.until_it_is(Copy.State.COMING, film)
        assert run.keeper.port not in (0, other.getsockname()[1])
        run.keeper.close(run.now)


def test_trouble_with_the_disk_is_told_and_tried_again(
    seeder: Begin, film: Release, tracker: SmallTracker, tmp_path: Path
) -> None:
    in_the_way = files_of(film.info_hash)
    in_the_way.parent.mkdir(parents=True)
    in_the_way.write_text("a file where the folder of the files has to be")
    run, torrent = seeder(), torrent_bytes(film, Site.objects.current())
    (tmp_path / "film.mkv").write_bytes(CONTENT)
    with sharing(tmp_path, torrent) as port:
        tracker.peers.append(port)
        copy = run.until_it_is(Copy.State.TROUBLE, film)
        assert (copy.trouble, copy.release.site_copy) == ("Not a directory", SiteCopy.NONE)
        in_the_way.unlink()
        run.later(services.PAUSE_AFTER_TROUBLE)
        run.until_it_is(Copy.State.HERE, film)


def test_a_folder_is_fetched_with_all_its_files(
    seeder: Begin, tracker: SmallTracker, tmp_path: Path
) -> None:
    factories.site(address="http://127.0.0.1:8000")
    contents = [b"one" * 9_000, b"", b"three" * 9_000]
    torrent = folder_of_files("Album", contents)
    album = factories.release("Album", data=torrent)
    run = seeder()
    (tmp_path / "Album").mkdir()
    for number, content in enumerate(contents):
        (tmp_path / "Album" / f"{number} ä#%.ogg").write_bytes(content)
    with sharing(tmp_path, torrent) as port:
        tracker.peers.append(port)
        run.until_it_is(Copy.State.HERE, album)
    found = [file_of(album.info_hash, number).read_bytes() for number in range(3)]
    assert found == contents
