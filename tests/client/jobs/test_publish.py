"""Publishing: hash, upload, share."""

import itertools
import json
import socket
from pathlib import Path

import pytest

from client.engine.transfer import Engine, Order, Stage, Transfer
from client.errors import JobError, JobStopped, SiteError
from client.jobs.progress import Phase
from client.jobs.publish import Publication, publish
from client.jobs.stopping import Stop, StopRule
from client.site.publishing import Words
from installer.formats import metainfo
from tests.client.conftest import make_torrent
from tests.client.site_double import SiteDouble

COMPLETE = StopRule(when_complete=True)


class FakeEngine(Engine):
    """Has everything the moment it is asked."""

    def __init__(self) -> None:
        self.orders: list[Order] = []
        self.stopped: list[bytes] = []

    def add(self, order: Order) -> None:
        self.orders.append(order)
        for path in (order.save_folder / file for file in order.files):
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch()

    def watch(self, info_hash: bytes, *, after: int, timeout: float) -> Transfer:
        return Transfer(
            info_hash, after + 1, Stage.SHARING, is_on_disk=True, resume=b"resume", total_bytes=9
        )

    def connect_peer(self, info_hash: bytes, address: tuple[str, int]) -> None:
        raise NotImplementedError

    def stop(self, info_hash: bytes) -> Transfer:
        self.stopped.append(info_hash)
        return Transfer(info_hash, stage=Stage.STOPPED, is_on_disk=True, resume=b"last resume")

    def close(self) -> None:
        raise NotImplementedError


@pytest.fixture
def songs(tmp_path: Path) -> Path:
    folder = tmp_path / "Die Lieder"
    folder.mkdir()
    (folder / "a b.ogg").write_bytes(b"la" * 50_000)
    (folder / ".hidden").write_bytes(b"x")
    return folder


@pytest.fixture
def open_door(site: SiteDouble) -> SiteDouble:
    published = {"info_hash": "ab", "page_url": f"{site.url}/torrents/ab/", "torrent_url": "t"}
    site.answer("/api/v1/torrents", json.dumps(published).encode(), 201)
    return site


def test_hashes_uploads_and_shares(open_door: SiteDouble, songs: Path, tmp_path: Path) -> None:
    engine = FakeEngine()
    work = Publication(open_door.ticket(), songs, Words(title="Lieder"))
    seen = list(publish(work, tmp_path / "state", engine, Stop(), COMPLETE))
    phases = [phase for phase, _ in itertools.groupby(progress.phase for progress in seen)]
    assert phases == [Phase.HASHING, Phase.UPLOADING, Phase.SHARING, Phase.DONE]
    assert seen[-1].page_url == f"{open_door.url}/torrents/ab/"
    assert seen[0].notice == "Left out, since it is hidden, temporary or a link: .hidden"
    uploaded = metainfo.read(open_door.asked[0].body)
    assert uploaded.announce == ((f"{open_door.url}/announce",),)
    assert engine.stopped == [uploaded.info_hash]
    order = engine.orders[0]
    assert (order.save_folder, order.files) == (tmp_path, ("Die Lieder/a b.ogg",))
    assert next(tmp_path.glob("state/transfers/*/resume")).read_bytes() == b"last resume"


def test_a_publisher_may_stop_as_soon_as_the_site_has_the_release(
    open_door: SiteDouble, songs: Path, tmp_path: Path
) -> None:
    class CheckingEngine(FakeEngine):
        def watch(self, info_hash: bytes, *, after: int, timeout: float) -> Transfer:
            stop.ask()
            return Transfer(info_hash, after + 1, Stage.CHECKING)

    stop = Stop()
    work = Publication(open_door.ticket(), songs, Words())
    *_, last = publish(work, tmp_path / "state", CheckingEngine(), stop, StopRule())
    assert last.phase is Phase.DONE


def test_nothing_is_shared_when_the_site_refuses(
    site: SiteDouble, songs: Path, tmp_path: Path
) -> None:
    site.answer("/api/v1/torrents", b"{}", 401)
    engine = FakeEngine()
    with pytest.raises(SiteError, match="expired"):
        list(
            publish(Publication(site.ticket(), songs, Words()), tmp_path, engine, Stop(), COMPLETE)
        )
    assert engine.orders == []


def test_more_than_the_ticket_allows_is_refused_before_it_is_hashed(
    site: SiteDouble, songs: Path, tmp_path: Path
) -> None:
    work = Publication(site.ticket(size_limit=10), songs, Words())
    with pytest.raises(JobError, match="at most 10 bytes"):
        list(publish(work, tmp_path, FakeEngine(), Stop(), COMPLETE))
    assert site.asked == []


def test_a_ticket_is_extended_while_hashing_takes_long(
    open_door: SiteDouble, songs: Path, tmp_path: Path
) -> None:
    open_door.answer("/api/v1/tickets/extend", b'{"expires_at": 1}')
    clock = itertools.count(0, 61).__next__
    work = Publication(open_door.ticket(), songs, Words())
    list(publish(work, tmp_path / "state", FakeEngine(), Stop(), COMPLETE, clock))
    assert open_door.asked[0].path == "/api/v1/tickets/extend"
    assert open_door.asked[-1].path == "/api/v1/torrents"


def test_a_ticket_that_cannot_be_extended_ends_the_hashing(
    open_door: SiteDouble, songs: Path, tmp_path: Path
) -> None:
    open_door.answer("/api/v1/tickets/extend", b"{}", 401)
    clock = itertools.count(0, 61).__next__
    work = Publication(open_door.ticket(), songs, Words())
    with pytest.raises(SiteError):
        list(publish(work, tmp_path, FakeEngine(), Stop(), COMPLETE, clock))


def test_a_site_that_is_down_for_a_moment_is_asked_again(
    open_door: SiteDouble, songs: Path, tmp_path: Path
) -> None:
    whole = open_door.answers["/api/v1/torrents"]
    open_door.answer("/api/v1/torrents", b"", 503)
    work = Publication(open_door.ticket(), songs, Words(), patience=(0.0, 0.0))
    seen = []
    for progress in publish(work, tmp_path / "state", FakeEngine(), Stop(), COMPLETE):
        if "tried again" in progress.notice:
            open_door.answers["/api/v1/torrents"] = whole
        seen.append(progress)
    assert seen[-1].page_url
    assert len(open_door.asked) == 2


def test_a_site_that_stays_down_ends_it_with_a_sentence(
    site: SiteDouble, songs: Path, tmp_path: Path
) -> None:
    site.answer("/api/v1/torrents", b"", 503)
    work = Publication(site.ticket(), songs, Words(), patience=(0.0,))
    with pytest.raises(SiteError, match="503"):
        list(publish(work, tmp_path, FakeEngine(), Stop(), COMPLETE))
    assert len(site.asked) == 2


def test_a_publisher_hears_of_the_sites_own_copy(
    open_door: SiteDouble, songs: Path, tmp_path: Path
) -> None:
    path = f"/api/v1/torrents/{make_torrent(songs).metainfo.info_hash.hex()}"
    open_door.answer(path, b'{"site_copy": "here"}')
    stop, in_time = Stop(), StopRule(seconds=20)
    work = Publication(open_door.ticket(), songs, Words(), copy_pause=0.0)
    for progress in publish(work, tmp_path / "state", FakeEngine(), stop, in_time):
        if progress.has_site_copy:
            stop.ask()
    assert progress.has_site_copy
    assert "Authorization" not in open_door.asked[-1].headers


def test_who_wants_to_stop_does_not_wait_for_the_site(
    site: SiteDouble, songs: Path, tmp_path: Path
) -> None:
    stop = Stop()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        site.url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        work = Publication(site.ticket(), songs, Words())
        job = publish(work, tmp_path, FakeEngine(), stop, COMPLETE)
        while next(job).phase is not Phase.UPLOADING:
            pass
        stop.ask()
        with pytest.raises(JobStopped):
            next(job)
