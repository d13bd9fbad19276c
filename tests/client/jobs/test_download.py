"""Downloads with the real engine, their state kept for a restart."""

import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from client.engine.libtorrent_engine import LibtorrentEngine
from client.engine.transfer import Tuning
from client.engine.trouble import Kind, Trouble
from client.errors import FolderError, JobError, JobStopped
from client.jobs.download import Saving, check_saving, download
from client.jobs.progress import Phase, Progress
from client.jobs.seed import seed
from client.jobs.stopping import Stop, StopRule
from client.opening.what import Torrent, read_torrent
from installer.formats import metainfo
from installer.formats.magnet import Magnet
from installer.formats.metainfo import File
from tests.client.conftest import QUIET, Engines, Tracker, make_torrent
from tests.client.jobs.test_publish import FakeEngine

COMPLETE = StopRule(when_complete=True)


class Sharing:
    """Alice shares while the test runs: her job is only advanced when she is asked."""

    def __init__(self, job: Iterator[Progress], stop: Stop) -> None:
        self._job = job
        self._stop = stop
        for progress in job:
            if progress.phase is Phase.SHARING:
                break

    def end(self) -> Progress:
        self._stop.ask()
        return list(self._job)[-1]


@pytest.fixture
def alice(
    engines: Engines, tracker: tuple[Tracker, str], state: Path, tmp_path: Path
) -> Iterator[Torrent]:
    """What Alice shares: a folder with a space, an umlaut and an empty file."""
    folder = tmp_path / "alice/Die Lieder"
    (folder / "Ünter").mkdir(parents=True)
    (folder / "Ünter/a b.ogg").write_bytes(random.Random(7).randbytes(2_000_000))
    (folder / "leer").write_bytes(b"")
    torrent = make_torrent(folder, tracker[1])
    stop = Stop()
    sharing = Sharing(seed(torrent, folder, state, engines(), stop, StopRule()), stop)
    yield torrent
    assert sharing.end().phase is Phase.DONE


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_everything_arrives(alice: Torrent, engines: Engines, state: Path, tmp_path: Path) -> None:
    saving = Saving(tmp_path / "bob")
    last = list(download(alice, saving, state, engines(), Stop(), COMPLETE))[-1]
    assert (last.phase, last.percent, last.place) == (
        Phase.DONE,
        100,
        tmp_path / "bob/Die Lieder",
    )
    assert files_below(tmp_path / "bob") == files_below(tmp_path / "alice")


def test_a_magnet_link_brings_the_same(
    alice: Torrent,
    engines: Engines,
    tracker: tuple[Tracker, str],
    state: Path,
    tmp_path: Path,
) -> None:
    link = Magnet(alice.metainfo.info_hash, None, "Lieder", (tracker[1],))
    last = list(download(link, Saving(tmp_path / "bob"), state, engines(), Stop(), COMPLETE))[-1]
    assert last.name == "Die Lieder"
    assert files_below(tmp_path / "bob") == files_below(tmp_path / "alice")


def test_a_magnet_link_of_a_hybrid_torrent_works(
    engines: Engines, tracker: tuple[Tracker, str], state: Path, tmp_path: Path
) -> None:
    (tmp_path / "song").write_bytes(random.Random(5).randbytes(3_000_000))
    torrent = make_torrent(tmp_path / "song", tracker[1], is_hybrid=True)
    stop = Stop()
    sharing = Sharing(seed(torrent, tmp_path / "song", state, engines(), stop, StopRule()), stop)
    link = Magnet(torrent.metainfo.info_hash, torrent.metainfo.info_hash_v2, "x", (tracker[1],))
    list(download(link, Saving(tmp_path / "bob"), state, engines(), Stop(), COMPLETE))
    sharing.end()
    assert (tmp_path / "bob/song").read_bytes() == (tmp_path / "song").read_bytes()


def test_does_not_touch_what_already_has_that_name(
    alice: Torrent, engines: Engines, state: Path, tmp_path: Path
) -> None:
    (tmp_path / "bob/Die Lieder").mkdir(parents=True)
    (tmp_path / "bob/Die Lieder/leer").write_bytes(b"mine")
    saving = Saving(tmp_path / "bob")
    last = list(download(alice, saving, state, engines(), Stop(), COMPLETE))[-1]
    assert last.place == tmp_path / "bob/Die Lieder (2)"
    assert (tmp_path / "bob/Die Lieder/leer").read_bytes() == b"mine"


def test_starting_it_again_uses_what_is_there(
    alice: Torrent, engines: Engines, state: Path, tmp_path: Path
) -> None:
    saving = Saving(tmp_path / "bob")
    list(download(alice, saving, state, engines(), Stop(), COMPLETE))
    again = list(download(alice, saving, state, engines(), Stop(), COMPLETE))
    assert Phase.DOWNLOADING not in {progress.phase for progress in again}
    assert again[-1].place == tmp_path / "bob/Die Lieder"


def test_saves_under_the_name_that_was_chosen(
    alice: Torrent, engines: Engines, state: Path, tmp_path: Path
) -> None:
    saving = Saving(tmp_path / "bob", "songs")
    list(download(alice, saving, state, engines(), Stop(), COMPLETE))
    assert files_below(tmp_path / "bob/songs") == files_below(tmp_path / "alice/Die Lieder")


def test_a_chosen_name_that_is_taken_is_refused(
    alice: Torrent, engines: Engines, state: Path, tmp_path: Path
) -> None:
    (tmp_path / "songs").write_bytes(b"")
    with pytest.raises(JobError, match="already something"):
        list(download(alice, Saving(tmp_path, "songs"), state, engines(), Stop(), COMPLETE))


def test_two_programs_do_not_write_the_same_files(
    alice: Torrent, engines: Engines, state: Path, tmp_path: Path
) -> None:
    first = download(alice, Saving(tmp_path / "bob"), state, engines(), Stop(), StopRule())
    next(first)
    with pytest.raises(FolderError, match="Another Passalong"):
        list(download(alice, Saving(tmp_path / "bob"), state, engines(), Stop(), COMPLETE))


def test_stopping_before_the_end_says_so(
    alice: Torrent, engines: Engines, state: Path, tmp_path: Path
) -> None:
    stop = Stop()
    job = download(alice, Saving(tmp_path / "bob"), state, engines(download=50_000), stop, COMPLETE)
    next(job)
    stop.ask()
    with pytest.raises(JobStopped, match="Start it again"):
        list(job)


@pytest.fixture
def song(
    engines: Engines, tracker: tuple[Tracker, str], state: Path, tmp_path: Path
) -> Iterator[Torrent]:
    """A single file that Alice shares."""
    (tmp_path / "song").write_bytes(b"la" * 100_000)
    torrent = make_torrent(tmp_path / "song", tracker[1])
    stop = Stop()
    sharing = Sharing(seed(torrent, tmp_path / "song", state, engines(), stop, StopRule()), stop)
    yield torrent
    sharing.end()


@pytest.mark.parametrize("content", [b"my own", b"my" * 100_000], ids=["shorter", "as long"])
def test_what_a_person_put_in_the_place_of_a_download_stays(
    content: bytes, song: Torrent, engines: Engines, state: Path, tmp_path: Path
) -> None:
    saving = Saving(tmp_path / "bob")
    list(download(song, saving, state, engines(), Stop(), COMPLETE))
    (tmp_path / "bob/song").unlink()
    (tmp_path / "bob/song").write_bytes(content)
    last = list(download(song, saving, state, engines(), Stop(), COMPLETE))[-1]
    assert (tmp_path / "bob/song").read_bytes() == content
    assert last.place == tmp_path / "bob/song (2)"
    assert (tmp_path / "bob/song (2)").read_bytes() == (tmp_path / "song").read_bytes()


def test_a_download_that_was_only_touched_is_checked_and_kept(
    song: Torrent, engines: Engines, state: Path, tmp_path: Path
) -> None:
    saving = Saving(tmp_path / "bob")
    list(download(song, saving, state, engines(), Stop(), COMPLETE))
    os.utime(tmp_path / "bob/song", (1, 1))
    last = list(download(song, saving, state, engines(), Stop(), COMPLETE))[-1]
    assert last.place == tmp_path / "bob/song"


def test_a_download_that_was_deleted_comes_again(
    song: Torrent, engines: Engines, state: Path, tmp_path: Path
) -> None:
    saving = Saving(tmp_path / "bob")
    list(download(song, saving, state, engines(), Stop(), COMPLETE))
    (tmp_path / "bob/song").unlink()
    list(download(song, saving, state, engines(), Stop(), COMPLETE))
    assert (tmp_path / "bob/song").read_bytes() == (tmp_path / "song").read_bytes()


def test_a_download_of_the_same_name_does_not_take_the_place_of_a_begun_one(
    song: Torrent, engines: Engines, state: Path, tmp_path: Path
) -> None:
    (tmp_path / "charlie").mkdir()
    (tmp_path / "charlie/song").write_bytes(b"lo" * 100_000)
    other = make_torrent(tmp_path / "charlie/song")
    first = download(other, Saving(tmp_path / "bob"), state, engines(), Stop(), StopRule())
    next(first)
    last = list(download(song, Saving(tmp_path / "bob"), state, engines(), Stop(), COMPLETE))[-1]
    assert last.place == tmp_path / "bob/song (2)"


def test_an_edited_file_that_was_shared_is_not_overwritten_by_a_download(
    song: Torrent, engines: Engines, state: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "carol/song"
    mine.parent.mkdir()
    mine.write_bytes((tmp_path / "song").read_bytes())
    list(seed(song, mine, state, engines(), Stop(), COMPLETE))
    mine.write_bytes(b"my" * 100_000)
    list(download(song, Saving(mine.parent), state, engines(), Stop(), COMPLETE))
    assert mine.read_bytes() == b"my" * 100_000


def test_the_persons_own_file_is_only_shared_when_it_is_downloaded_to_where_it_is(
    song: Torrent, state: Path, tmp_path: Path
) -> None:
    engine = FakeEngine()
    for is_ours in (False, True):
        mine = tmp_path / "carol" / ("made" if is_ours else "own")
        mine.mkdir(parents=True)
        (mine / "song").write_bytes((tmp_path / "song").read_bytes())
        if not is_ours:
            list(seed(song, mine / "song", state, engine, Stop(), COMPLETE))
        list(download(song, Saving(mine), state, engine, Stop(), COMPLETE))
    assert [order.is_share_only for order in engine.orders] == [True, True, False]


@pytest.fixture
def small_files_only() -> Iterator[None]:
    """A disk as FAT makes it."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**32 - 1, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("small_files_only")
def test_a_file_too_large_for_the_disk_keeps_nobody_from_its_small_neighbour(
    state: Path, tmp_path: Path
) -> None:
    files = [File(("film.mkv",), 2**32), File(("notes.txt",), 5)]
    info = metainfo.info_v1(
        "Films", files, is_folder=True, piece_length=2**24, pieces=bytes(20 * 257)
    )
    torrent = read_torrent(metainfo.write(info))
    saving, engine = Saving(tmp_path / "bob"), FakeEngine()
    with pytest.raises(FolderError, match="cannot hold files of that size"):
        check_saving(torrent, saving)
    check_saving(torrent, saving, Tuning("04"))
    list(download(torrent, saving, state, engine, Stop(), COMPLETE, Tuning("04")))
    with pytest.raises(JobError, match="cannot hold files of that size"):
        list(download(torrent, saving, state, engine, Stop(), COMPLETE, Tuning("44")))
    assert [order.tuning.priorities for order in engine.orders] == ["04"]


def test_a_drive_that_is_not_there_yet_is_a_trouble_that_may_pass(
    song: Torrent, state: Path, tmp_path: Path
) -> None:
    drive = tmp_path / "file/drive"
    drive.parent.write_bytes(b"")
    jobs = (
        download(song, Saving(drive), state, FakeEngine(), Stop(), COMPLETE),
        seed(song, drive / "song", state, FakeEngine(), Stop(), COMPLETE),
    )
    for job in jobs:
        with pytest.raises(JobError) as fault:
            list(job)
        assert isinstance(fault.value.trouble, Trouble)
        assert fault.value.trouble.kind is Kind.FOLDER_GONE


def test_an_edited_file_is_not_shared_again(engines: Engines, state: Path, tmp_path: Path) -> None:
    (tmp_path / "song").write_bytes(b"la" * 50_000)
    torrent = make_torrent(tmp_path / "song")
    list(seed(torrent, tmp_path / "song", state, engines(), Stop(), COMPLETE))
    (tmp_path / "song").write_bytes(b"lo" * 50_000)
    for _ in range(2):
        with pytest.raises(JobError, match="not what the torrent describes"):
            list(seed(torrent, tmp_path / "song", state, engines(), Stop(), COMPLETE))


def test_shares_until_the_ratio_is_reached() -> None:
    rule = StopRule(ratio=1.5)
    assert not rule.is_met(9e9, uploaded=149, total=100)
    assert rule.is_met(0, uploaded=150, total=100)


def test_other_files_than_the_torrents_are_not_shared(
    engines: Engines, state: Path, tmp_path: Path
) -> None:
    (tmp_path / "song").write_bytes(b"la" * 50_000)
    torrent = make_torrent(tmp_path / "song")
    (tmp_path / "song").write_bytes(b"lo" * 50_000)
    with pytest.raises(JobError, match="not what the torrent describes"):
        list(seed(torrent, tmp_path / "song", state, engines(), Stop(), StopRule()))
    assert (tmp_path / "song").read_bytes() == b"lo" * 50_000


def bob(torrent: Path, folder: Path, *more: str) -> "subprocess.Popen[str]":
    """The real program, as Bob starts it."""
    settings = [word for name, value in QUIET for word in ("--setting", f"{name}={value}")]
    command = [sys.executable, "-m", "client", "download", str(torrent), "--save-to", str(folder)]
    return subprocess.Popen(
        [*command, *settings, *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_a_killed_download_goes_on_where_it_was(
    engines: Engines, tracker: tuple[Tracker, str], state: Path, tmp_path: Path
) -> None:
    size = 16_000_000
    (tmp_path / "song").write_bytes(random.Random(3).randbytes(size))
    torrent = make_torrent(tmp_path / "song", tracker[1])
    (tmp_path / "song.torrent").write_bytes(torrent.content)
    slow = engines(upload=1_200_000)
    stop = Stop()
    sharing = Sharing(seed(torrent, tmp_path / "song", state, slow, stop, StopRule()), stop)
    with bob(tmp_path / "song.torrent", tmp_path / "bob") as killed:
        saved = kept_resume(state, tmp_path / "bob", torrent)
        killed.kill()
    given = given_by(slow, torrent)
    log = tmp_path / "log"
    with bob(
        tmp_path / "song.torrent", tmp_path / "bob", "--stop-when=complete", f"--log={log}"
    ) as again:
        output, errors = again.communicate(timeout=40)
    assert again.returncode == 0, errors
    assert (tmp_path / "bob/song").read_bytes() == (tmp_path / "song").read_bytes()
    assert f"Complete: {tmp_path / 'bob/song'}" in output
    assert given_by(slow, torrent) < size + given / 4
    assert saved
    assert "checking" not in log.read_text()
    sharing.end()


def kept_resume(state: Path, folder: Path, torrent: Torrent) -> bytes:
    """Wait until the running program has kept how far it is."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for found in state.glob(f"transfers/{torrent.metainfo.info_hash.hex()}-*/resume"):
            if folder.name.encode() in found.read_bytes():
                return found.read_bytes()
        time.sleep(0.05)
    raise AssertionError("nothing was kept in time")


def given_by(engine: LibtorrentEngine, torrent: Torrent) -> int:
    """How many bytes this engine has sent."""
    return engine.watch(torrent.metainfo.info_hash, after=-1, timeout=0).uploaded_bytes
