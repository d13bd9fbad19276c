"""The real engine on this computer alone."""

import socket
import sys
import time
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import libtorrent as lt
import pytest

from client.engine.libtorrent_engine import LibtorrentEngine
from client.engine.named_settings import check_settings
from client.engine.settings import DEFAULT_PORTS
from client.engine.transfer import Limits, Order, Stage, Transfer, Tuning, Wishes
from client.errors import EngineError, UsageError
from client.opening.what import Torrent
from installer.formats import metainfo
from tests.client.conftest import QUIET, Engines, Tracker, make_torrent, open_tracker


def wait_for(engine: LibtorrentEngine, info_hash: bytes, wanted: object) -> Transfer:
    """Follow the states until one fits."""
    assert callable(wanted)
    deadline = time.monotonic() + 20
    state = engine.watch(info_hash, after=0, timeout=5)
    while not wanted(state):
        assert time.monotonic() < deadline, state
        state = engine.watch(info_hash, after=state.sequence, timeout=1)
    return state


def seeding(torrent: Torrent, folder: Path) -> Order:
    return Order(
        torrent.metainfo.info_hash,
        folder,
        torrent=torrent.content,
        files=(torrent.metainfo.name,),
        is_share_only=True,
        is_complete=True,
    )


def test_two_clients_on_one_computer_find_each_other_by_the_tracker(
    engines: Engines, tracker: tuple[Tracker, str], tmp_path: Path
) -> None:
    (tmp_path / "song").write_bytes(bytes(range(256)) * 4000)
    torrent = make_torrent(tmp_path / "song", tracker[1])
    alice, bob = engines(), engines()
    alice.add(seeding(torrent, tmp_path))
    wait_for(alice, torrent.metainfo.info_hash, lambda _: tracker[0].announces)
    order = Order(
        torrent.metainfo.info_hash, tmp_path / "bob", torrent=torrent.content, files=("other",)
    )
    bob.add(order)
    wait_for(bob, order.info_hash, lambda state: state.is_on_disk)
    assert (tmp_path / "bob/other").read_bytes() == (tmp_path / "song").read_bytes()
    assert bob.details(order.info_hash).log[0].endswith(" added")


def test_says_goodbye_to_the_tracker(
    engines: Engines, tracker: tuple[Tracker, str], tmp_path: Path
) -> None:
    (tmp_path / "song").write_bytes(b"la" * 50_000)
    torrent = make_torrent(tmp_path / "song", tracker[1])
    alice = engines()
    alice.add(seeding(torrent, tmp_path))
    wait_for(alice, torrent.metainfo.info_hash, lambda state: state.swarm_complete == 7)
    state = alice.stop(torrent.metainfo.info_hash)
    alice.close()
    assert state.stage is Stage.STOPPED
    assert [said.get("event") for said in tracker[0].announces] == ["started", "stopped"]


def test_hands_on_what_the_tracker_says(
    engines: Engines, tracker: tuple[Tracker, str], tmp_path: Path
) -> None:
    tracker[0].failure = "This torrent is not allowed here."
    (tmp_path / "song").write_bytes(b"la" * 50_000)
    torrent = make_torrent(tmp_path / "song", tracker[1])
    alice = engines()
    alice.add(seeding(torrent, tmp_path))
    state = wait_for(alice, torrent.metainfo.info_hash, lambda state: state.notice)
    assert "This torrent is not allowed here." in state.notice


@pytest.mark.parametrize("level", ["INFO", "WARNING"])
def test_a_tracker_that_speaks_no_utf8_does_not_end_the_engine(
    engines: Engines,
    tracker: tuple[Tracker, str],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    level: str,
) -> None:
    caplog.set_level(level, logger="passalong.engine")
    (tmp_path / "song").write_bytes(b"la" * 50_000)
    order = seeding(make_torrent(tmp_path / "song", tracker[1]), tmp_path)
    refused, warned = engines(), engines()
    tracker[0].failure = "\udcff\udcfe\udcfd\udcfc"
    refused.add(order)
    assert "site" in wait_for(refused, order.info_hash, lambda state: state.notice).notice
    tracker[0].failure, tracker[0].warning = "", b"\xff\xfe\xfd\xfc"
    warned.add(order)
    wait_for(warned, order.info_hash, lambda state: state.swarm_complete == 7)
    for engine in (refused, warned):
        engine.details(order.info_hash)
        assert engine.stop(order.info_hash).stage is Stage.STOPPED


def test_is_silent_about_a_closed_way_to_a_tracker_that_answers_elsewhere(
    engines: Engines, tracker: tuple[Tracker, str], tmp_path: Path
) -> None:
    (tmp_path / "song").write_bytes(b"la" * 50_000)
    info = make_torrent(tmp_path / "song").metainfo.info
    closed = "http://127.0.0.1:9/announce"
    content = metainfo.write(info, announce=[[closed], [tracker[1]]])
    torrent = Torrent(content, metainfo.read(content))
    alice = engines()
    alice.add(seeding(torrent, tmp_path))
    state = wait_for(
        alice,
        torrent.metainfo.info_hash,
        lambda state: state.notice or state.swarm_complete == 7,
    )
    assert not state.notice


def test_never_writes_into_files_that_are_only_shared(engines: Engines, tmp_path: Path) -> None:
    (tmp_path / "song").write_bytes(b"la" * 50_000)
    torrent = make_torrent(tmp_path / "song")
    (tmp_path / "song").write_bytes(b"lo" * 50_000)
    (tmp_path / "charlie").mkdir()
    (tmp_path / "charlie/song").write_bytes(b"la" * 50_000)
    alice, bob, charlie = engines(), engines(), engines()
    order = seeding(torrent, tmp_path)
    alice.add(
        Order(order.info_hash, tmp_path, torrent.content, files=order.files, is_share_only=True)
    )
    wait_for(alice, order.info_hash, lambda state: state.stage is Stage.DOWNLOADING)
    charlie.add(seeding(torrent, tmp_path / "charlie"))
    alice.connect_peer(order.info_hash, ("127.0.0.1", charlie.port))
    # libtorrent hangs up at once, since neither wants anything: that cannot be waited for. But
    # while Bob, who came later, gets everything, Alice would have got it too.
    bob.add(Order(order.info_hash, tmp_path / "bob", torrent.content, files=("song",)))
    bob.connect_peer(order.info_hash, ("127.0.0.1", charlie.port))
    wait_for(bob, order.info_hash, lambda state: state.is_on_disk)
    assert alice.stop(order.info_hash).done_bytes == 0
    assert (tmp_path / "song").read_bytes() == b"lo" * 50_000


def test_files_that_are_not_those_of_the_torrent_are_an_error(
    engines: Engines, tmp_path: Path
) -> None:
    (tmp_path / "song").write_bytes(b"la" * 50_000)
    torrent = make_torrent(tmp_path / "song")
    order = replace(seeding(torrent, tmp_path), files=("song", "more"))
    with pytest.raises(EngineError, match="cannot be used"):
        engines().add(order)


def test_takes_a_limit_that_is_larger_than_libtorrent_can_count(
    engines: Engines, tmp_path: Path
) -> None:
    (tmp_path / "song").write_bytes(b"la" * 50_000)
    fast = Tuning(limits=Limits(10**10, 10**10))
    order = replace(seeding(make_torrent(tmp_path / "song"), tmp_path), tuning=fast)
    alice = engines(upload=10**10, download=10**10)
    alice.add(order)
    alice.tune(order.info_hash, fast)
    assert wait_for(alice, order.info_hash, lambda state: state.is_on_disk).trouble is None


def test_refuses_the_same_torrent_twice(engines: Engines, tmp_path: Path) -> None:
    (tmp_path / "song").write_bytes(b"la" * 50_000)
    order = seeding(make_torrent(tmp_path / "song"), tmp_path)
    alice = engines()
    alice.add(order)
    with pytest.raises(EngineError, match="already"):
        alice.add(order)


def test_says_that_the_folder_cannot_be_written(engines: Engines, tmp_path: Path) -> None:
    (tmp_path / "song").write_bytes(b"la" * 50_000)
    torrent = make_torrent(tmp_path / "song")
    (tmp_path / "file").write_bytes(b"")
    alice, bob = engines(), engines()
    alice.add(seeding(torrent, tmp_path))
    order = Order(torrent.metainfo.info_hash, tmp_path / "file", torrent.content, files=("song",))
    bob.add(order)
    bob.connect_peer(order.info_hash, ("127.0.0.1", alice.port))
    state = wait_for(bob, order.info_hash, lambda state: state.trouble is not None)
    assert state.trouble is not None
    assert str(tmp_path / "file") in state.trouble.sentence


def test_a_port_range_without_a_free_port_is_refused(engines: Engines) -> None:
    taken = engines().port
    settings = [*QUIET, ("listen_interfaces", f"127.0.0.1:{taken}")]
    with pytest.raises(EngineError, match="No port from"):
        LibtorrentEngine(Wishes(ports=(taken, taken), settings=settings))


# An address of this computer that nothing else listens on, so that the usual ports are free.
LONELY = "127.68.81.1"


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has only one loopback address")
@pytest.mark.parametrize("taken", [3, 119])
def test_tells_the_tracker_another_port_where_the_usual_ones_are_taken(
    tracker: tuple[Tracker, str], tmp_path: Path, taken: int
) -> None:
    (tmp_path / "song").write_bytes(b"la" * 50_000)
    torrent = make_torrent(tmp_path / "song", tracker[1])
    low, high = DEFAULT_PORTS
    settings = [*QUIET, ("listen_interfaces", f"{LONELY}:{low}")]
    with ExitStack() as stack:
        for port in range(low, low + taken):
            stack.enter_context(socket.create_server((LONELY, port)))
        alice = stack.enter_context(closing(LibtorrentEngine(Wishes(settings=settings))))
        alice.add(seeding(torrent, tmp_path))
        wait_for(alice, torrent.metainfo.info_hash, lambda _: tracker[0].announces)
        assert tracker[0].announces[0]["port"] == str(alice.port)
        assert (alice.port in range(low + taken, high + 1)) == (taken < 119)


def test_a_download_goes_on_without_its_tracker_and_says_so(
    engines: Engines, tmp_path: Path
) -> None:
    (tmp_path / "song").write_bytes(bytes(range(256)) * 4000)
    alice, bob = engines(upload=50_000), engines()
    with open_tracker("127.0.0.1") as (tracker, announce):
        torrent = make_torrent(tmp_path / "song", announce)
        info_hash = torrent.metainfo.info_hash
        alice.add(seeding(torrent, tmp_path))
        wait_for(alice, info_hash, lambda _: tracker.announces)
        bob.add(Order(info_hash, tmp_path / "bob", torrent=torrent.content, files=("song",)))
        wait_for(bob, info_hash, lambda state: state.done_bytes)
    # As libtorrent does by itself after a while.
    flags = lt.reannounce_flags_t.ignore_min_interval
    bob._call(lambda: bob._work[info_hash].handle.force_reannounce(0, -1, flags))
    state = wait_for(bob, info_hash, lambda state: state.notice)
    assert "does not answer" in state.notice
    assert not state.is_on_disk
    alice.change(Wishes(settings=QUIET))
    wait_for(bob, info_hash, lambda state: state.is_on_disk)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("no_such_thing", "1", "no setting called"),
        ("enable_dht", "perhaps", "true or false"),
        ("conections_limit", "1", "Is connections_limit meant"),
        ("connections_limit", "many", "a whole number"),
        ("connections_limit", "2147483648", "from -2147483648 to 2147483647"),
    ],
)
def test_refuses_settings_that_libtorrent_does_not_know(
    name: str, value: str, sentence: str
) -> None:
    with pytest.raises(UsageError, match=sentence):
        check_settings([(name, value)])
