"""What goes wrong outside while the desk works: a full disk, a tracker and people who are gone."""

import os
import random
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from client.engine.transfer import Engine, Tuning
from client.engine.trouble import Kind, Trouble
from client.errors import FolderError, JobError
from client.folders.shelf import Shelved, read_shelf, write_shelf
from client.gui.desk import Desk
from client.gui.presenter import Deed, Standing
from client.gui.shelving import Shelving
from client.gui.transfer import Transfer
from client.jobs.progress import Phase, Progress
from client.jobs.stopping import Stop
from client.opening.what import Torrent, read_torrent
from installer.formats import metainfo
from tests.client.conftest import Engines, Tracker, make_torrent
from tests.client.gui.test_desk import wait_for
from tests.client.gui.test_window import shared
from tests.programs import wait_until

SIZE = 6_000_000
DISK = 70_000_000


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    if os.geteuid():
        pytest.skip("Only root may mount a small disk.")
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "passalong-test", folder]
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("This computer lets nobody mount a small disk.")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk: Path) -> None:
    """Leave no room on it."""
    with (disk / "somebody else's").open("wb") as other, suppress(OSError):
        while True:
            os.posix_fallocate(other.fileno(), other.tell(), 65_536)
            other.seek(65_536, os.SEEK_CUR)


def make_film(path: Path, announce: str) -> Torrent:
    path.parent.mkdir()
    path.write_bytes(random.Random(7).randbytes(SIZE))
    return make_torrent(path, announce)


def test_a_full_disk_pauses_says_so_and_goes_on(
    disk: Path, engines: Engines, tracker: tuple[Tracker, str], state: Path, tmp_path: Path
) -> None:
    film = tmp_path / "alice/film.mkv"
    torrent = make_film(film, tracker[1])
    clock, bob = Clock(), engines()
    desk = Desk(lambda: bob, state, clock)
    with shared(film, torrent, engines(upload=1_500_000)):
        question = desk.ask(torrent)
        assert question is not None
        download = desk.download(question, disk)
        wait_for(desk, "the beginning", lambda: download.progress.done_bytes)
        fill(disk)
        wait_for(desk, "the trouble", lambda: download.standing is Standing.FAILED)
        assert f"The disk of {disk} is full." in download.card.advice
        (disk / "somebody else's").unlink()
        clock.now += 20
        wait_for(desk, "the end", lambda: download.progress.is_complete)
        assert (disk / "film.mkv").read_bytes() == film.read_bytes()
        desk.close()


def test_a_full_disk_is_left_for_another_folder_with_all_that_is_there(
    disk: Path, engines: Engines, tracker: tuple[Tracker, str], state: Path, tmp_path: Path
) -> None:
    film = tmp_path / "alice/film.mkv"
    torrent = make_film(film, tracker[1])
    bob, elsewhere = engines(), tmp_path / "elsewhere"
    desk = Desk(lambda: bob, state)
    with shared(film, torrent, engines(upload=1_000_000)):
        question = desk.ask(torrent)
        assert question is not None
        download = desk.download(question, disk)
        desk.tune(download, Tuning(is_in_order=True))
        wait_for(desk, "a part", lambda: download.progress.done_bytes > SIZE // 6)
        fill(disk)
        wait_for(desk, "the trouble", lambda: download.standing is Standing.FAILED)
        assert Deed.MOVE in download.card.deeds
    desk.move(download, elsewhere)
    # Alice has gone, so all that is there came along.
    place = elsewhere / "film.mkv"
    wait_for(desk, "the place", lambda: download.progress.place == place)
    wait_for(desk, "the rest", lambda: download.progress.phase is Phase.DOWNLOADING)
    assert download.progress.done_bytes > SIZE // 12
    assert not (disk / "film.mkv").exists()
    assert (read_shelf(state)[0].folder, download.tuning.is_in_order) == (str(elsewhere), True)
    with shared(film, torrent, engines()):
        wait_for(desk, "the end", lambda: download.progress.is_complete)
    assert place.read_bytes() == film.read_bytes()
    desk.close()


@pytest.fixture
def web_seed(tmp_path: Path) -> Iterator[str]:
    """The site's own copy over HTTP, with ranges."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            content = (tmp_path / "alice/film.mkv").read_bytes()
            first, last = self.headers["Range"].removeprefix("bytes=").split("-")
            part = content[int(first) : int(last) + 1]
            self.send_response(206)
            self.send_header("Content-Length", str(len(part)))
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(content)}")
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(part)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/film.mkv"
    server.shutdown()
    thread.join()
    server.server_close()


def test_with_nobody_online_and_no_tracker_the_sites_own_copy_comes(
    web_seed: str, engines: Engines, state: Path, tmp_path: Path
) -> None:
    film = tmp_path / "alice/film.mkv"
    nobody = "http://127.0.0.1:9/announce"
    plain = make_film(film, nobody).metainfo
    torrent = read_torrent(metainfo.write(plain.info, announce=[[nobody]], web_seeds=[web_seed]))
    bob = engines()
    desk = Desk(lambda: bob, state)
    question = desk.ask(replace(torrent, site_name="Alice's site"))
    assert question is not None
    download = desk.download(question, tmp_path / "Downloads")
    wait_for(desk, "the end", lambda: download.progress.is_complete)
    assert (tmp_path / "Downloads/film.mkv").read_bytes() == film.read_bytes()
    desk.close()


def test_what_was_moved_away_is_not_fetched_again_unless_that_is_wished(tmp_path: Path) -> None:
    started: list[int] = []

    def work(stop: Stop) -> Iterator[Progress]:
        started.append(len(started))
        yield Progress(Phase.SHARING, place=tmp_path / "film.mkv", is_complete=True)
        raise JobError("It is gone.", trouble=Trouble(Kind.FOLDER_GONE, "It is gone."))

    is_there, asked = threading.Event(), threading.Semaphore(0)

    def is_whole(_: Shelved) -> bool:
        asked.release()
        return is_there.is_set()

    transfer = Transfer(work, Shelved("", str(tmp_path)), Progress(Phase.CHECKING), is_whole)
    transfer.start()
    transfer.wait(10)
    transfer.look(100.0)
    assert asked.acquire(timeout=10)
    wait_until("the answer", lambda: transfer.look(100.0) or transfer._search is None)
    assert started == [0]
    is_there.set()
    wait_until("the second start", lambda: transfer.look(200.0) or started == [0, 1])
    transfer.wait(10)


def test_what_is_missing_of_a_folder_comes_again_only_when_that_is_wished(
    engines: Engines, tracker: tuple[Tracker, str], state: Path, tmp_path: Path
) -> None:
    album = tmp_path / "alice/album"
    album.mkdir(parents=True)
    for number in (1, 2, 3):
        (album / f"{number}.ogg").write_bytes(random.Random(number).randbytes(200_000))
    torrent, bob = make_torrent(album, tracker[1]), engines()
    saved = tmp_path / "Downloads/album"
    with shared(album, torrent, engines()):
        desk = Desk(lambda: bob, state)
        question = desk.ask(torrent)
        assert question is not None
        question.priorities = "440"
        first = desk.download(question, saved.parent)
        wait_for(desk, "the end", lambda: first.progress.is_complete)
        desk.close()
        (saved / "1.ogg").unlink()
        desk = Desk(lambda: bob, state)
        desk.restore()
        again = desk.transfers[0]
        wait_for(desk, "a sentence", lambda: again.standing is Standing.FAILED)
        assert "or a part of it" in again.card.advice
        assert [path.name for path in saved.iterdir() if path.suffix] == ["2.ogg"]
        again.start()
        wait_for(
            desk, "the rest", lambda: (saved / "1.ogg").exists() and again.progress.is_complete
        )
        assert (saved / "1.ogg").read_bytes() == (album / "1.ogg").read_bytes()
        desk.tune(again, replace(again.tuning, priorities="444"))
        wait_for(desk, "one more", lambda: (saved / "3.ogg").exists())
        assert again.standing is Standing.RUNS
        desk.close()


def test_a_shelf_that_cannot_be_kept_is_said_once_and_kept_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[str] = []

    def write(folder: Path, shelf: Sequence[Shelved]) -> None:
        try:
            write_shelf(folder, shelf)
        except FolderError as error:
            refused.append(str(error))
            raise

    monkeypatch.setattr("client.gui.shelving.write_shelf", write)
    state, clock = tmp_path / "state", Clock()
    state.write_text("in the way")
    desk = Desk(no_engine, state, clock)
    shelved = Shelved("ab" * 20, str(tmp_path), is_active=False)
    desk.transfers.append(Transfer(lambda _: iter(()), shelved, Progress(Phase.DONE)))
    desk.tune(desk.transfers[0], Tuning(is_in_order=True))
    wait_for(desk, "a message", lambda: desk.messages)
    clock.now = 20.0
    wait_for(desk, "another refusal", lambda: len(refused) > 1)
    state.unlink()

    def shelf_later() -> list[Shelved]:
        clock.now += 1.0
        return read_shelf(state)

    wait_for(desk, "the shelf", shelf_later)
    assert [message.title for message in desk.messages] == ["The list could not be saved"]
    desk.close()


def test_shelves_are_written_in_order_and_all_at_the_end(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, written = threading.Event(), []

    def write(_: Path, shelf: Sequence[Shelved]) -> None:
        gate.wait(10)
        written.append([shelved.info_hash for shelved in shelf])

    monkeypatch.setattr("client.gui.shelving.write_shelf", write)
    shelving = Shelving(state)
    for name in ("a", "b", "c"):
        shelving.keep([Shelved(name, "")])
    assert not written
    gate.set()
    shelving.close(10)
    assert written == [["a"], ["c"]]


def no_engine() -> Engine:
    raise AssertionError("This needs no engine.")
