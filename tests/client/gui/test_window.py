"""The real window on a screen: downloading, publishing, pausing, closing, settings."""

import gc
import json
import random
import shutil
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tkinter import ttk

import libtorrent as lt
import pytest

from client.engine.libtorrent_engine import LibtorrentEngine
from client.engine.transfer import Engine, Limits, Tuning
from client.engine.trouble import Kind, Trouble
from client.errors import EngineError, FolderError, JobError
from client.folders.shelf import Shelved
from client.gui.files_page import FilesPage
from client.gui.presenter import Standing
from client.gui.questions import PublishQuestion
from client.gui.transfer import RETRY_SECONDS, Transfer
from client.jobs.progress import Phase, Progress
from client.jobs.seed import seed
from client.jobs.stopping import Stop, StopRule
from client.opening.handover import Request
from client.opening.what import Torrent, link_to
from client.words import speak
from installer.formats import magnet, ticket
from tests.client.conftest import Engines, Tracker, make_torrent
from tests.client.gui.conftest import Person
from tests.client.gui.test_desk import keep_on_shelf
from tests.client.site_double import SiteDouble

SIZE = 4_000_000


@contextmanager
def shared(path: Path, torrent: Torrent, engine: Engine) -> Iterator[None]:
    """Alice shares this until the block ends."""
    stop = Stop()
    job = seed(torrent, path, path.parent.parent / "alices", engine, stop, StopRule())
    thread = threading.Thread(target=lambda: list(job))
    thread.start()
    try:
        yield
    finally:
        stop.ask()
        thread.join()


@pytest.fixture
def film(engines: Engines, tracker: tuple[Tracker, str], tmp_path: Path) -> Iterator[Torrent]:
    """What Alice shares, slowly."""
    path = tmp_path / "alice/Around the World.mkv"
    path.parent.mkdir()
    path.write_bytes(random.Random(7).randbytes(SIZE))
    torrent = replace(make_torrent(path, tracker[1]), site_name="Alice's small cinema")
    with shared(path, torrent, engines(upload=1_000_000)):
        yield torrent


def test_downloads_pauses_goes_on_and_shares(person: Person, film: Torrent, tmp_path: Path) -> None:
    torrent_file = tmp_path / "film.torrent"
    torrent_file.write_bytes(film.content)
    person.desk.ask(film)
    person.sees("Where should I save it?")
    person.sees("4.0 MB · from Alice's small cinema")
    person.takes_picture("download-question")
    person.clicks("Download")
    person.sees("Getting it from 1 person.")
    person.takes_picture("downloading")
    assert "Around the World.mkv" in person.root.title()
    person.clicks("Pause")
    person.sees("Paused")
    person.takes_picture("paused")
    person.wait_for("rest", lambda: not person.desk.transfers[0].is_at_work)
    person.clicks("Continue")
    person.sees("Done: it is in Downloads")
    person.takes_picture("done")
    saved = tmp_path / "Downloads/Around the World.mkv"
    assert saved.read_bytes() == random.Random(7).randbytes(SIZE)
    person.clicks("Keep sharing (helps others)")
    person.sees("You no longer share this.")


def test_cancelling_deletes_what_is_there_if_that_is_wished(
    person: Person, film: Torrent, tmp_path: Path
) -> None:
    person.desk.ask(film)
    person.clicks("Download")
    person.sees("Getting it from 1 person.")
    answer_soon(person, "Delete it")
    person.clicks("Cancel")
    person.sees("Nothing here yet.")
    assert list((tmp_path / "Downloads").iterdir()) == []


@pytest.mark.parametrize("part", [b"la", b""], ids=["begun", "untouched"])
def test_cancelling_after_a_restart_asks_only_about_what_is_there(
    part: bytes, person: Person, state: Path, tmp_path: Path
) -> None:
    song = tmp_path / "song"
    song.write_bytes(b"la" * 50_000)
    keep_on_shelf(state, song, is_ours=True)
    song.write_bytes(part)
    person.desk.restore()
    answers: list[object] = []
    person.sees("Paused")
    if part:
        answer_soon(person, "Keep it", answers.append)
    person.clicks("Cancel")
    person.sees("Nothing here yet.")
    assert (len(answers), song.exists()) == (bool(part), bool(part))


def test_publishes_with_a_ticket(
    person: Person,
    site: SiteDouble,
    tracker: tuple[Tracker, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pages: list[str] = []
    monkeypatch.setattr("client.gui.answers.open_page", pages.append)
    page = f"{site.url}/torrents/ab/"
    published = {"info_hash": "ab", "page_url": page, "torrent_url": "t"}
    site.answer("/api/v1/torrents", json.dumps(published).encode(), 201)
    path = tmp_path / "t.passalong"
    path.write_bytes(ticket.write(site.ticket(announce=(tracker[1],))))
    (tmp_path / "My holiday.mkv").write_bytes(b"x" * 2_000_000)
    person.window.give(Request(("publish", str(path), str(tmp_path / "My holiday.mkv"))))
    person.sees("Publish on Alice's site")
    person.wait_for("a title", lambda: titles(person) == ["My holiday"])
    person.takes_picture("publish-question")
    assert str(person.root.focus_lastfor()["text"]) == "Publish"
    person.clicks("Publish")
    person.sees("Published")
    person.sees("You are sharing this.")
    person.takes_picture("published")
    assert pages == [page]
    assert "title=My+holiday" in site.asked[0].path
    person.clicks("▸ Details")
    person.wait_for("its link", lambda: person.desk.transfers[0].link)
    person.clicks("Copy magnet link")
    assert magnet.read(person.root.clipboard_get()).trackers == (tracker[1],)


def test_closing_while_sharing_asks_once_and_remembers(person: Person, film: Torrent) -> None:
    person.desk.ask(film)
    person.clicks("Download")
    person.sees("Getting it from 1 person.")
    person.meets(person.window.close, lambda _: person.clicks("Keep sharing quietly"))
    assert person.root.state() == "withdrawn"
    assert person.remembered[-1].on_close == "share"
    assert person.desk.is_busy
    person.window.give(Request())
    person.wait_for("the window", lambda: person.root.state() == "normal")
    person.window.close()
    assert person.root.state() == "withdrawn"


def test_a_hidden_window_stays_for_what_is_tried_again(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    transfer, now = fail_while_hidden(person, tmp_path, monkeypatch, Kind.DISK_FULL)
    assert person.root.state() == "withdrawn"
    now.append(RETRY_SECONDS + 1)
    person.wait_for("another try", lambda: transfer.standing is Standing.RUNS)
    transfer.pause()
    person.wait_for("the end", lambda: person.window._is_quitting)


def test_a_hidden_window_shows_once_what_failed_for_good(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_while_hidden(person, tmp_path, monkeypatch, Kind.NOT_WRITABLE)
    person.sees("This needs you")
    assert person.root.state() == "normal"
    person.window.hide()
    person.wait_for("the end", lambda: person.window._is_quitting)


def fail_while_hidden(
    person: Person, folder: Path, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> tuple[Transfer, list[float]]:
    """A first try ends badly while nobody sees the window; the second would go on for long."""
    tries: list[int] = []
    pause = threading.Event()

    def work(stop: Stop) -> Iterator[Progress]:
        tries.append(len(tries))
        if len(tries) == 1:
            raise JobError("It cannot be saved.", trouble=Trouble(kind, "It cannot be saved."))
        while not stop.is_asked:
            yield Progress(Phase.SHARING)
            pause.wait(0.01)

    monkeypatch.setattr("client.gui.window._GRACE_SECONDS", 0.0)
    now = [0.0]
    monkeypatch.setattr(person.desk, "_clock", lambda: now[-1])
    transfer = Transfer(work, Shelved("ab" * 20, str(folder)), Progress(Phase.CHECKING))
    person.desk.transfers.append(transfer)
    transfer.start()
    person.window.hide()
    person.wait_for("the failure", lambda: transfer.standing is Standing.FAILED)
    # The look that saw the failure is over when the next one has begun.
    looks = person.window._looks
    person.wait_for("another look", lambda: person.window._looks > looks + 1)
    assert not person.window._is_quitting
    return transfer, now


def test_settings_are_remembered(person: Person) -> None:
    person.clicks("Settings")
    person.sees("Send at most")
    person.takes_picture("settings")
    limit = [entry for entry in person.widgets() if isinstance(entry, ttk.Entry)][1]
    limit.delete(0, "end")
    limit.insert(0, "250")
    person.clicks("Done")
    assert person.remembered[-1].max_upload == 250


def test_what_of_the_settings_could_not_be_followed_is_said_later(person: Person) -> None:
    gate = threading.Event()

    def follow() -> None:
        gate.wait(10)
        raise FolderError("The menu cannot be written.")

    person.follow = follow
    person.clicks("Settings")
    person.clicks("Done")
    person.sees("Nothing here yet.")
    gate.set()
    person.sees("Not all settings could be followed")
    person.sees("The menu cannot be written.")


def test_the_language_changes_at_once(person: Person) -> None:
    person.clicks("Settings")
    person.sees("Language")
    choice = [field for field in person.widgets() if isinstance(field, ttk.Combobox)][-1]
    choice.current(2)
    speak("de")
    person.clicks("Done")
    person.sees("Einstellungen")
    assert person.root.tk.eval("namespace eval ::tk {::msgcat::mc &Open}") == "Ö&ffnen"
    assert person.remembered[-1].language == "de"


def test_what_cannot_be_opened_is_said(person: Person) -> None:
    person.window.give(Request(("open", "/nowhere/x.torrent")))
    person.sees("There is no file /nowhere/x.torrent.")
    person.takes_picture("not-opened")
    person.clicks("All right")
    person.sees("Nothing here yet.")


def test_a_folder_that_cannot_be_made_is_said_at_the_question(
    person: Person, film: Torrent, tmp_path: Path
) -> None:
    (tmp_path / "Downloads").write_text("a file stands in the way")
    person.desk.ask(film)
    person.clicks("Download")
    person.sees("cannot be made")


def test_why_it_cannot_be_saved_is_said_before_the_start(
    person: Person, film: Torrent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.desk.ask(film)
    person.clicks("Not now")
    free = shutil.disk_usage(tmp_path)._replace(free=50_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: free)
    (tmp_path / "Downloads").mkdir()
    (tmp_path / "Downloads" / film.metainfo.name).touch()
    person.desk.ask(film)
    person.sees("Something of that name is there already; this one will get a number.")
    person.clicks("Download")
    person.sees("is too full: 4 MB more is needed.")
    person.takes_picture("too-full")
    assert not person.desk.transfers


def test_a_folder_that_does_not_answer_keeps_nobody_waiting(
    person: Person, film: Torrent, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    look = shutil.disk_usage

    def hang(path: Path) -> object:
        assert threading.current_thread() is not threading.main_thread()
        gate.wait(10)
        return look(path)

    monkeypatch.setattr(shutil, "disk_usage", hang)
    person.desk.ask(film)
    person.clicks("Download")
    person.sees("Looking at this folder …")
    assert person.find("Download")[0].instate(["disabled"])
    person.clicks("Settings")
    person.clicks("Done")
    gate.set()
    person.sees("Getting it from 1 person.")


def test_a_folder_that_was_typed_outlives_a_question_that_tells_less(
    person: Person, film: Torrent, tmp_path: Path
) -> None:
    person.desk.ask(link_to(film))
    person.sees("Where should I save it?")
    folder = next(field for field in person.widgets() if isinstance(field, ttk.Entry))
    folder.delete(0, "end")
    folder.insert(0, str(tmp_path / "Films"))
    question = weakref.ref(folder.master.master)
    del folder
    person.window._look_once()
    person.desk.ask(film)
    person.sees("4.0 MB · from Alice's small cinema")
    fields = [field for field in person.widgets() if isinstance(field, ttk.Entry)]
    assert [field.get() for field in fields] == [str(tmp_path / "Films")]
    person.wait_for("what was looked at", lambda: not person.desk.errands._under_way)
    gc.collect()
    assert question() is None


def test_a_magnet_link_that_does_not_fit_goes_to_another_folder(
    person: Person, film: Torrent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enough = shutil.disk_usage(tmp_path)
    full = str(tmp_path / "Downloads")
    monkeypatch.setattr(
        shutil, "disk_usage", lambda at: enough._replace(free=0 if str(at) == full else 10**12)
    )
    chosen = tmp_path / "Large disk"
    monkeypatch.setattr("client.gui.deeds.choose_folder", lambda *its: its[3](chosen))
    person.desk.ask(link_to(film))
    person.clicks("Download")
    person.sees("is too full: 54 MB more is needed.")
    assert (tmp_path / "Downloads").exists()
    assert not list((tmp_path / "Downloads").iterdir())
    person.takes_picture("another-folder")
    person.root.minsize(1, 1)
    person.root.geometry("420x420")
    person.root.update()
    person.takes_picture("another-folder-narrow")
    assert person.find("▸ Details")
    assert_nothing_is_cut_off(person)
    person.clicks("Choose another folder …")
    person.sees("Done: it is in Large disk")
    assert (chosen / "Around the World.mkv").stat().st_size == SIZE


def test_only_the_chosen_files_arrive_and_the_others_later(
    person: Person, engines: Engines, tracker: tuple[Tracker, str], tmp_path: Path
) -> None:
    folder = tmp_path / "alice/Two films"
    folder.mkdir(parents=True)
    for number in (1, 2):
        (folder / f"{number}.mkv").write_bytes(random.Random(number).randbytes(500_000))
    torrent = make_torrent(folder, tracker[1])
    saved = tmp_path / "Downloads/Two films"
    with shared(folder, torrent, engines()):
        person.desk.ask(torrent)
        person.clicks("Choose files …")
        table = person.finds_table()
        person.takes_picture("files")
        table.focus_force()
        table.event_generate("<space>")
        person.clicks("Done")
        person.sees("1 of 2 files, 500 kB")
        person.clicks("Download")
        person.sees("Done: it is in Downloads")
        assert [path.name for path in saved.iterdir()] == ["2.mkv"]
        person.clicks("▸ Details")
        person.takes_picture("details")
        for _ in range(2):
            person.clicks("Files …")
            person.finds_table()
        assert len([one for one in person.widgets() if isinstance(one, FilesPage)]) == 1
        person.clicks("All")
        person.clicks("Done")
        wanted = {path.name: path.read_bytes() for path in folder.iterdir()}
        person.wait_for(
            "both", lambda: {path.name: path.read_bytes() for path in saved.iterdir()} == wanted
        )


def test_limits_order_and_the_magnet_link_are_in_the_details(person: Person, film: Torrent) -> None:
    person.desk.ask(film)
    person.clicks("Download")
    person.sees("Getting it from 1 person.")
    person.clicks("▸ Details")
    person.clicks("From beginning to end (to watch it meanwhile)")
    person.clicks("Copy magnet link")
    fields = [field for field in person.widgets() if isinstance(field, ttk.Entry)]
    fields[1].delete(0, "end")
    fields[1].insert(0, "70")
    fields[1].focus_force()
    fields[1].event_generate("<Return>")
    tuning = Tuning(is_in_order=True, limits=Limits(0, 70_000))
    person.wait_for("the wish", lambda: person.desk.transfers[0].tuning == tuning)
    person.wait_for("the engine", lambda: goes_so(person, tuning))
    link = magnet.write(link_to(film))
    assert person.root.clipboard_get() == link
    person.clicks("Pause")
    person.wait_for("rest", lambda: not person.desk.transfers[0].is_at_work)
    person.root.clipboard_clear()
    person.clicks("Copy magnet link")
    assert person.root.clipboard_get() == link


def test_the_same_torrent_twice_is_one_row(person: Person, film: Torrent) -> None:
    person.desk.ask(film)
    person.clicks("Download")
    person.sees("Getting it from 1 person.")
    assert person.desk.ask(film) is None
    assert len(person.desk.transfers) == 1


def test_the_window_lives_on_whatever_a_look_runs_into(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = [EngineError("The engine does not answer."), ValueError("a fault of our own")]

    def look() -> bool:
        if faults:
            raise faults.pop()
        return False

    monkeypatch.setattr(person.desk, "look", look)
    person.sees("The engine does not answer.")
    person.window.give(Request(("open", "/nowhere/x.torrent")))
    person.sees("There is no file /nowhere/x.torrent.")


def test_quitting_ends_an_open_question_too(person: Person, state: Path, tmp_path: Path) -> None:
    song = tmp_path / "song"
    song.write_bytes(b"la" * 50_000)
    keep_on_shelf(state, song, is_ours=True)
    person.desk.restore()
    person.sees("Paused")
    late: list[object] = []

    def give_up() -> None:
        late.append(person.root.tk.call("destroy", *person.root.winfo_children()))

    soon(person, "Keep it", lambda _: person.window.quit_soon())
    fallback = person.root.after(5000, give_up)
    person.clicks("Cancel")
    person.wait_for("the end", lambda: person.window._is_quitting)
    person.root.after_cancel(fallback)
    assert not late
    assert song.exists()


def assert_nothing_is_cut_off(person: Person) -> None:
    for widget in person.widgets():
        if isinstance(widget, ttk.Button | ttk.Label):
            assert widget.winfo_width() >= widget.winfo_reqwidth(), widget["text"]
            end = widget.winfo_rootx() + widget.winfo_width()
            assert end <= person.root.winfo_rootx() + person.root.winfo_width(), widget["text"]


def goes_so(person: Person, tuning: Tuning) -> bool:
    """Whether the one torrent of the engine really goes like this."""
    engine = person.desk._engine()
    assert isinstance(engine, LibtorrentEngine)
    handle = engine._session.get_torrents()[0]
    is_in_order = bool(handle.flags() & lt.torrent_flags.sequential_download)
    limits = Limits(handle.upload_limit(), handle.download_limit())
    return (is_in_order, limits) == (tuning.is_in_order, tuning.limits)


def answer(person: Person, label: str) -> object:
    return person.find(label)[0].invoke()


def answer_soon(
    person: Person, label: str, then: Callable[[object], object] = lambda _: None
) -> None:
    """Press this button of a dialog that is about to come, during which nothing else is done."""
    soon(person, label, lambda button: then(button.invoke()))


def soon(person: Person, label: str, deed: Callable[[ttk.Button], object]) -> None:
    def look() -> None:
        found = person.find(label)
        if found:
            deed(found[0])
        else:
            person.root.after(10, look)

    look()


def titles(person: Person) -> list[str]:
    """The titles that are filled in at the publish questions."""
    questions = [widget for widget in person.widgets() if isinstance(widget, PublishQuestion)]
    return [question._title.get() for question in questions]
