"""What politeness tells libtorrent, and one line that somebody else needs."""

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Event

import libtorrent as lt
import pytest

from client.engine import politeness
from client.engine.libtorrent_engine import LibtorrentEngine
from client.engine.transfer import Order, Wishes
from client.engine.waiting import Waiting
from tests.client.conftest import QUIET, make_torrent, open_tracker
from tests.client.engine.test_libtorrent_engine import seeding, wait_for
from tests.programs import needs, wait_until
from tests.slow_line import HOME, INTERNET, Line, inside, open_line, somebody_else

POLITE = Wishes(settings=QUIET, is_polite=True)


def limit_of(engine: LibtorrentEngine) -> int:
    session: lt.session = engine._session
    limit: int = session.get_peer_class(engine._politeness._internet)["upload_limit"]
    return limit


def test_begins_and_ends_with_the_wish() -> None:
    with closing(LibtorrentEngine(POLITE)) as engine:
        session: lt.session = engine._session
        assert limit_of(engine) > 0
        assert session.get_settings()["tick_interval"] < 100
        engine.change(Wishes(settings=QUIET))
        assert limit_of(engine) == 0
        assert session.get_settings()["tick_interval"] == 500


def test_a_failure_ends_no_transfer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = Event()

    def fail(*_: object) -> None:
        looked.set()
        raise RuntimeError("invalid torrent handle used")

    monkeypatch.setattr(politeness.Politeness, "look", fail)
    (tmp_path / "film").write_bytes(b"film")
    torrent = make_torrent(tmp_path / "film")
    with closing(LibtorrentEngine(POLITE)) as engine:
        assert looked.wait(30)
        engine.add(seeding(torrent, tmp_path))
        wait_for(engine, torrent.metainfo.info_hash, lambda state: state.is_on_disk)


@pytest.mark.parametrize(
    ("name", "value", "is_bound"),
    [
        ("proxy_type", 2, True),
        ("outgoing_interfaces", "tun0", True),
        ("listen_interfaces", "tun0:6881", True),
        ("listen_interfaces", "0.0.0.0:6881,10.8.0.2:6881", True),
        ("listen_interfaces", "0.0.0.0:0,[::]:0", False),
    ],
)
def test_asks_nobody_past_the_way_that_was_chosen(
    name: str, value: str | int, is_bound: bool
) -> None:
    free = {"proxy_type": 0, "outgoing_interfaces": "", "listen_interfaces": "0.0.0.0:6881"}
    assert politeness._is_bound(free | {name: value}) is is_bound


def test_whoever_is_bound_stays_so_until_the_next_start() -> None:
    with closing(LibtorrentEngine(POLITE)) as engine:
        assert not engine._politeness._may_ask
        engine.change(Wishes(settings=QUIET[1:], is_polite=True))
        assert not engine._politeness._may_ask


def test_asks_whoever_the_torrent_names() -> None:
    session, torrent = lt.session({"listen_interfaces": "127.0.0.1:0"}), lt.add_torrent_params()
    sites = ["http://a.example/a", "https://b.example/a", "udp://c.example:1/a", "wss://d.example"]
    torrent.info_hashes = lt.info_hash_t(lt.sha1_hash(b"x" * 20))
    torrent.trackers, torrent.save_path = sites, "."
    torrent.flags = lt.torrent_flags.paused
    assert politeness._sites_of([session.add_torrent(torrent)]) == sites[:3]


def test_peers_in_the_local_network_are_not_slowed_down_and_need_no_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []

    class Busy(Waiting):
        """Says that somebody else needs the line, which keeps the limit."""

        def ask(self, urls: Sequence[str], now: float) -> None:
            asked.append(now)

        def seconds(self) -> float:
            return 0.12

    monkeypatch.setattr(politeness, "Waiting", Busy)
    monkeypatch.setattr(politeness, "_LOOK_SECONDS", 0.02)
    (tmp_path / "film").write_bytes(os.urandom(8_000_000))
    torrent = make_torrent(tmp_path / "film")
    info_hash = torrent.metainfo.info_hash
    with closing(LibtorrentEngine(POLITE)) as alice, closing(LibtorrentEngine(POLITE)) as bob:
        alice.add(seeding(torrent, tmp_path))
        bob.add(Order(info_hash, tmp_path / "bob", torrent.content, files=("film",)))
        bob.connect_peer(info_hash, ("127.0.0.1", alice.port))
        # With a limit it would take a minute.
        wait_for(bob, info_hash, lambda state: state.is_on_disk)
        assert limit_of(alice) > 0
    assert not asked


def test_gives_way_to_somebody_else_and_takes_the_line_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sys.platform != "linux" or os.geteuid():
        pytest.skip("Only root may make a network, and only of Linux.")
    needs("ip", apt="iproute2")
    monkeypatch.setattr(politeness, "_LOOK_SECONDS", 0.2)
    with (tmp_path / "film").open("wb") as film:
        film.truncate(100_000_000)
    settings = [setting for setting in QUIET if setting[0] != "listen_interfaces"]
    with ExitStack() as stack:
        try:
            home, internet = stack.enter_context(open_line(Line(up=8e6)))
        except PermissionError as error:
            pytest.skip(f"This computer lets nobody make a network: {error}")
        with inside(internet):
            _, announce = stack.enter_context(open_tracker(INTERNET))
            bob = stack.enter_context(closing(LibtorrentEngine(Wishes(settings=settings))))
        with inside(home):
            wishes = Wishes(settings=settings, is_polite=True)
            alice = stack.enter_context(closing(LibtorrentEngine(wishes)))
        torrent = make_torrent(tmp_path / "film", announce)
        info_hash = torrent.metainfo.info_hash
        alice.add(seeding(torrent, tmp_path))
        bob.add(Order(info_hash, tmp_path / "bob", torrent.content, files=("film",)))
        bob.connect_peer(info_hash, (HOME, alice.port))
        wait_until("use of the line", lambda: limit_of(alice) > 400_000)
        with somebody_else(home, internet):
            wait_until("making way", lambda: 1 < limit_of(alice) < 150_000)
        wait_until("use of the free line", lambda: limit_of(alice) > 400_000)
