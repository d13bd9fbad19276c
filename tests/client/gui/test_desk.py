"""What the desk does with transfers, without a screen and without an engine."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from client.engine.transfer import Engine
from client.engine.trouble import Kind, Trouble
from client.errors import FolderError, JobError
from client.folders.keeping import open_kept
from client.folders.shelf import Shelved, read_shelf, write_shelf
from client.gui.desk import Desk
from client.gui.incoming import Incoming
from client.gui.opening import Opened
from client.gui.presenter import Deed, Standing
from client.gui.transfer import Transfer
from client.jobs import workers
from client.jobs.progress import Phase, Progress
from client.jobs.stopping import Stop
from client.jobs.workers import Workers
from client.opening.handover import Request
from client.site.publishing import Words
from installer.formats import magnet, metainfo
from installer.formats.magnet import Magnet
from tests.client.conftest import make_torrent
from tests.client.jobs.test_publish import FakeEngine
from tests.client.jobs.test_workers import has_ended
from tests.client.site_double import SiteDouble
from tests.programs import wait_until


def no_engine() -> Engine:
    raise AssertionError("This needs no engine.")


def paused_desk(state: Path, path: Path, *, is_ours: bool) -> Desk:
    """A desk with one download that rests."""
    keep_on_shelf(state, path, is_ours=is_ours)
    desk = Desk(no_engine, state)
    desk.restore()
    return desk


def keep_on_shelf(state: Path, path: Path, *, is_ours: bool, is_complete: bool = False) -> None:
    """What is left of a download; it is taken up again only if it was complete."""
    torrent = make_torrent(path)
    info_hash = torrent.metainfo.info_hash
    kept = open_kept(state, info_hash, path.parent)
    kept.keep(torrent.content, path.name, is_ours=is_ours)
    kept.close()
    shelved = Shelved(
        info_hash.hex(),
        str(path.parent),
        path.name,
        is_active=is_complete,
        is_complete=is_complete,
    )
    write_shelf(state, [shelved])


@pytest.fixture
def song(tmp_path: Path) -> Path:
    (tmp_path / "music").mkdir()
    (tmp_path / "music/song").write_bytes(b"la" * 50_000)
    return tmp_path / "music/song"


@pytest.mark.parametrize("is_ours", [True, False])
def test_deletes_only_what_it_made_itself(state: Path, song: Path, *, is_ours: bool) -> None:
    desk = paused_desk(state, song, is_ours=is_ours)
    desk.cancel(desk.transfers[0], is_deleted=True)
    settle(desk, 0)
    assert song.exists() is not is_ours


def test_deletes_although_the_shelf_cannot_be_kept(
    state: Path, song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = paused_desk(state, song, is_ours=True)
    was_there: list[bool] = []

    def refuse(*_: object) -> None:
        was_there.append(song.exists())
        raise FolderError("The disk is full.")

    monkeypatch.setattr("client.gui.shelving.write_shelf", refuse)
    desk.cancel(desk.transfers[0], is_deleted=True)
    wait_for(desk, "the refusal", lambda: was_there)
    assert was_there == [False]


def test_cancelling_waits_for_nobody(state: Path, song: Path) -> None:
    desk, gate = paused_desk(state, song, is_ours=True), threading.Event()

    def work(stop: Stop) -> Iterator[Progress]:
        yield Progress(Phase.DOWNLOADING)
        gate.wait(10)

    shelved = desk.transfers[0].shelved
    desk.transfers[:] = [Transfer(work, shelved, Progress(Phase.CHECKING))]
    desk.transfers[0].start()
    desk.cancel(desk.transfers[0], is_deleted=True)
    desk.look()
    assert (desk.transfers[0].standing, song.exists()) == (Standing.LEAVES, True)
    question = desk.ask(make_torrent(song))
    assert question is not None
    with pytest.raises(JobError, match="being taken away"):
        desk.download(question, song.parent)
    gate.set()
    settle(desk, 0)
    assert not song.exists()


def test_says_why_it_could_not_be_deleted(
    state: Path, song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = paused_desk(state, song, is_ours=True)

    def refuse(*_: object) -> None:
        raise FolderError("It is in use.")

    monkeypatch.setattr("client.jobs.saved.delete_saved", refuse)
    desk.cancel(desk.transfers[0], is_deleted=True)
    wait_for(desk, "the message", lambda: desk.messages)
    assert [message.sentence for message in desk.messages] == ["It is in use."]
    assert desk.transfers[0].standing is Standing.PAUSED


def test_what_is_shared_twice_is_one_transfer(state: Path, song: Path) -> None:
    desk = paused_desk(state, song, is_ours=False)
    assert desk.share(make_torrent(song), song) is desk.transfers[0]
    assert len(desk.transfers) == 1
    desk.close()


@pytest.mark.parametrize("is_first", [True, False], ids=["bundle-first", "bundle-last"])
def test_one_torrent_is_one_question_however_it_comes(
    state: Path, song: Path, *, is_first: bool
) -> None:
    desk = Desk(no_engine, state)
    plain = make_torrent(song)
    carried = replace(plain, site_name="Alice's site")
    link = Magnet(plain.metainfo.info_hash)
    for what in (carried, plain, link) if is_first else (link, plain, carried):
        desk.ask(what)
    assert [question.what for question in desk.questions] == [carried]
    desk.close()


def test_what_a_bundle_tells_of_its_site_outlives_the_torrent_file(
    state: Path, song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = make_torrent(song)
    bundle = Opened(replace(plain, site_name="Alice's"), news="New here.", site_url="https://a")
    opened = [bundle, Opened(plain)]
    monkeypatch.setattr("client.gui.incoming.understand_later", lambda *its: its[2](opened.pop(0)))
    desk = Desk(no_engine, state)
    incoming = Incoming(desk, desk.messages.append)
    for _ in range(2):
        incoming.open(Request())
        incoming.look()
    assert [(it.news, it.site_url) for it in desk.questions] == [("New here.", "https://a")]
    desk.close()


def test_opening_what_rests_shows_it_and_starts_nothing(state: Path, song: Path) -> None:
    desk = paused_desk(state, song, is_ours=True)
    paused, other = desk.transfers[0], Transfer(idle, Shelved("", ""), Progress(Phase.CHECKING))
    desk.transfers.insert(0, other)
    assert desk.ask(Magnet(make_torrent(song).metainfo.info_hash)) is None
    assert desk.transfers == [paused, other]
    assert paused.standing is Standing.PAUSED
    desk.close()


def test_opening_what_failed_tries_it_again(state: Path, song: Path) -> None:
    desk, tries = paused_desk(state, song, is_ours=True), [0]

    def work(stop: Stop) -> Iterator[Progress]:
        tries.append(len(tries))
        raise JobError("The engine does not answer.")
        yield

    failed = Transfer(work, desk.transfers[0].shelved, Progress(Phase.CHECKING))
    desk.transfers[:] = [failed]
    failed.start()
    wait_for(desk, "the failure", lambda: failed.standing is Standing.FAILED)
    desk.ask(make_torrent(song))
    wait_for(desk, "another try", lambda: tries == [0, 1, 2])
    desk.close()


@pytest.mark.parametrize(
    ("kind", "is_own", "is_offered"),
    [
        (Kind.UNFIT, False, True),
        (Kind.FOLDER_GONE, False, True),
        (Kind.FOLDER_GONE, True, False),
        (Kind.TORRENT, False, False),
    ],
)
def test_another_folder_is_offered_where_it_helps(
    tmp_path: Path, kind: Kind, *, is_own: bool, is_offered: bool
) -> None:
    def work(stop: Stop) -> Iterator[Progress]:
        raise JobError("No.", trouble=Trouble(kind, "No."))
        yield

    shelved = Shelved("ab" * 20, str(tmp_path), is_share_only=is_own)
    failed = Transfer(work, shelved, Progress(Phase.CHECKING))
    failed.start()
    failed.wait(10)
    failed.look(0.0)
    assert (Deed.MOVE in failed.card.deeds) is is_offered


def test_what_never_found_a_place_is_there_after_a_restart_and_goes_elsewhere(
    state: Path, song: Path, tmp_path: Path
) -> None:
    torrent, in_the_way = make_torrent(song), tmp_path / "full"
    in_the_way.touch()
    desk = Desk(FakeEngine, state)
    question = desk.ask(torrent)
    assert question is not None
    desk.download(question, in_the_way)
    wait_for(desk, "the failure", lambda: desk.transfers[0].standing is Standing.FAILED)
    desk.close()
    again = Desk(FakeEngine, state)
    again.restore()
    wait_for(again, "the failure", lambda: again.transfers[0].standing is Standing.FAILED)
    again.move(again.transfers[0], tmp_path / "elsewhere")
    place = tmp_path / "elsewhere/song"
    wait_for(again, "the place", lambda: again.transfers[0].progress.place == place)
    again.close()


def test_opening_what_is_no_longer_shared_says_if_it_is_gone(state: Path, song: Path) -> None:
    keep_on_shelf(state, song, is_ours=True, is_complete=True)
    write_shelf(state, [replace(read_shelf(state)[0], is_active=False)])
    torrent = make_torrent(song)
    song.unlink()
    desk = Desk(no_engine, state)
    desk.restore()
    desk.ask(torrent)
    wait_for(desk, "the end", lambda: desk.transfers[0].standing is Standing.FAILED)
    assert "To get anew what is missing, click Continue." in desk.transfers[0].card.advice
    desk.close()


def test_forgets_nothing_that_another_transfer_needs(state: Path, song: Path) -> None:
    desk = paused_desk(state, song, is_ours=True)
    desk.restore()
    desk.cancel(desk.transfers[0], is_deleted=True)
    settle(desk, 1)
    after = Desk(no_engine, state)
    after.restore()
    assert len(after.transfers) == 1
    assert song.exists()


def test_what_was_moved_away_meanwhile_waits_for_a_click(state: Path, song: Path) -> None:
    keep_on_shelf(state, song, is_ours=True, is_complete=True)
    content = song.read_bytes()
    song.unlink()
    now = [0.0]
    desk = Desk(FakeEngine, state, lambda: now[0])
    desk.restore()
    wait_for(desk, "the end", lambda: desk.transfers[0].standing is Standing.FAILED)
    assert "To get anew what is missing, click Continue." in desk.transfers[0].card.advice
    song.write_bytes(content)
    now[0] = 20.0
    wait_for(desk, "work", lambda: desk.transfers[0].standing is Standing.RUNS)
    desk.close()


def test_knows_from_the_disk_what_may_be_kept(state: Path, song: Path) -> None:
    desk = paused_desk(state, song, is_ours=True)
    assert desk.has_saved(desk.transfers[0])
    song.write_bytes(b"")
    assert not desk.has_saved(desk.transfers[0])
    desk = paused_desk(state, make_other(song), is_ours=False)
    assert not desk.has_saved(desk.transfers[0])


def idle(_: Stop) -> Iterator[Progress]:
    """Nothing to do."""
    return iter(())


def settle(desk: Desk, count: int) -> None:
    """Let what is taken away go, until so many transfers are left."""
    wait_for(desk, "the end", lambda: len(desk.transfers) == count)


def wait_for(desk: Desk, what: str, look: Callable[[], object]) -> None:
    """Let the desk live until something is so."""

    def seen() -> object:
        desk.look()
        return look()

    wait_until(what, seen)


def make_other(song: Path) -> Path:
    other = song.with_name("own")
    other.write_bytes(b"lo" * 50_000)
    return other


def test_what_was_not_published_yet_is_published_after_a_restart(
    state: Path, song: Path, site: SiteDouble
) -> None:
    desk = Desk(FakeEngine, state)
    question = desk.ask(site.ticket())
    assert question is not None
    desk.publish(question, song, Words(title="La la", description="A song.", category="music"))
    wait_for(desk, "the failure", lambda: desk.transfers[0].standing is Standing.FAILED)
    desk.close()
    asked = len(site.asked)
    page = f"{site.url}/torrents/ab/"
    published = {"info_hash": "ab", "page_url": page, "torrent_url": "t"}
    site.answer("/api/v1/torrents", json.dumps(published).encode(), 201)
    again = Desk(FakeEngine, state)
    again.restore()
    wait_for(again, "the release", lambda: again.transfers[0].progress.page_url == page)
    said = parse_qs(urlsplit(site.asked[asked].path).query)
    assert said == {"title": ["La la"], "description": ["A song."], "category": ["music"]}
    wait_for(again, "the shelf", lambda: read_shelf(state)[0].page_url == page)
    assert (read_shelf(state)[0].ticket, len(read_shelf(state)[0].info_hash)) == ("", 40)
    again.close()


TRACKERS = ("udp://tracker.example.org:6969/announce", "https://other.example.org/announce")
WEB_SEED = "https://files.example.org/song"


@pytest.mark.parametrize("is_known", [True, False], ids=["torrent", "magnet"])
def test_the_link_of_what_rests_names_trackers_and_web_seeds(
    state: Path, song: Path, *, is_known: bool
) -> None:
    plain = make_torrent(song)
    link = Magnet(plain.metainfo.info_hash, name="song", trackers=TRACKERS, web_seeds=(WEB_SEED,))
    if is_known:
        torrent = metainfo.write(
            plain.metainfo.info, announce=[[url] for url in TRACKERS], web_seeds=[WEB_SEED]
        )
        kept = open_kept(state, plain.metainfo.info_hash, song.parent)
        kept.keep(torrent, song.name, is_ours=True)
        kept.close()
        link = replace(link, size=100_000)
    shelved = Shelved(
        plain.metainfo.info_hash.hex(),
        str(song.parent),
        magnet="" if is_known else magnet.write(link),
        is_active=False,
    )
    write_shelf(state, [shelved])
    desk = Desk(no_engine, state)
    desk.restore()
    assert desk.link(desk.transfers[0]) == link


def test_workers_stand_by_while_a_ticket_waits_for_its_answer(
    state: Path, site: SiteDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Workers] = []

    def start() -> Workers:
        started.append(Workers())
        return started[0]

    monkeypatch.setattr(workers, "start_workers", start)
    desk = Desk(no_engine, state)
    question = desk.ask(site.ticket())
    wait_until("workers", lambda: started)
    assert question is not None
    desk.dismiss(question)
    wait_until("their end", lambda: has_ended(started[0]))
    desk.close()
