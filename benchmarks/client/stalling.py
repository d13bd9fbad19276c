"""How long the window keeps a person waiting while it downloads: the longest gap between two turns
of Tk's loop.

    python -m benchmarks.client.stalling [--size-mb 1024] [--slow 1] [--folder /dev/shm]

The real window on an X server of its own, with the engine in its process as always, downloads from
a bare seed in another process. A click answers the question, the Details fold is opened, and in the
end the download is paused, cancelled and deleted. Then once more on a disk that is slow: whatever
Python asks of the save folder or of the client's own state takes so many seconds. (The engine's own
threads write at full speed both times: they would only make the download slower.) Needs xvfb.
"""

import argparse
import builtins
import gc
import io
import os
import subprocess
import sys
import tempfile
import threading
import time
import tkinter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tkinter import ttk
from typing import Any

from benchmarks.client.downloading import _QUIET, open_seed
from benchmarks.client.making import write_file
from client.engine.libtorrent_engine import LibtorrentEngine
from client.engine.transfer import Wishes
from client.folders.preferences import Preferences
from client.gui import starting
from client.gui.choices import Choices
from client.gui.desk import Desk
from client.gui.engine import SharedEngine
from client.gui.style import dress
from client.gui.window import Window
from client.jobs.making import Making, Recipe
from client.jobs.stopping import Stop
from client.opening.what import Torrent, read_torrent
from tests.screen import open_screen

_SECONDS = 60
_LATE_SECONDS = 0.1
_TURN_SECONDS = 0.001
# What the client asks of a disk through Python; a path comes first, or a number of an open file.
_CALLS = ("stat", "lstat", "statvfs", "mkdir", "access", "rename", "replace", "unlink", "rmdir")


def main() -> None:
    """Measure, and print one line for each disk."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size-mb", type=int, default=1024)
    parser.add_argument("--slow", type=float, default=1.0, help="seconds of each call")
    parser.add_argument("--folder", type=Path, default=None, help="a file system without a disk")
    parser.add_argument("--seed", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.seed:
        be_seed(*options.seed)
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as name, open_screen() as screen:
        os.environ["DISPLAY"] = screen
        folder = Path(name)
        torrent, path = make(folder, options.size_mb * 1_000_000)
        with seeding(path, folder / "seed") as port:
            measure("a disk that answers at once", torrent, port, folder / "quick")
            with slow_disk(folder / "slow", options.slow):
                label = f"a disk that takes {options.slow:g} s for each answer"
                measure(label, torrent, port, folder / "slow")


def make(folder: Path, size: int) -> tuple[Torrent, Path]:
    """What is downloaded, and where its torrent file is."""
    (folder / "seed").mkdir()
    write_file(folder / "seed/file", size)
    making = Making(folder / "seed/file", Recipe())
    for _ in making.run(Stop()):
        pass
    path = folder / "file.torrent"
    path.write_bytes(making.torrent())
    return read_torrent(making.torrent()), path


@contextmanager
def seeding(torrent: Path, folder: Path) -> Iterator[int]:
    """A bare seed in a process of its own; yields its port."""
    command = [sys.executable, "-m", "benchmarks.client.stalling", "--seed", torrent, folder]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.stdin.close()


def be_seed(torrent: Path, folder: Path) -> None:
    """Share until standard input ends."""
    session, port = open_seed(torrent, folder)
    print(port, flush=True)
    sys.stdin.read()
    del session


def measure(disk: str, torrent: Torrent, port: int, folder: Path) -> None:
    """One download from its question to its end."""
    folder.mkdir()
    person = Person(folder, port)
    try:
        began = time.perf_counter()
        person.opens(torrent)
        person.downloads()
        rate = torrent.metainfo.total_size / (time.perf_counter() - began) / 1e6
        person.takes_it_away()
    finally:
        person.leaves()
    late = sum(gap > _LATE_SECONDS for gap, _ in person.gaps)
    gap, moment = max(person.gaps)
    print(
        f"{disk}: longest gap {gap * 1000:.0f} ms, {moment}; {late} of {len(person.gaps)} turns "
        f"over {_LATE_SECONDS * 1000:.0f} ms; the download, with its click: {rate:.0f} MB/s"
    )


class Person:
    """Before a window of her own, with a watch."""

    def __init__(self, folder: Path, port: int) -> None:
        self.gaps: list[tuple[float, str]] = []
        self._port = port
        gc.disable()  # As in `client.gui.starting`.
        root = starting.connect_screen()
        assert root is not None
        self._root = root
        dress(root)
        settings = tuple((name, str(value).lower()) for name, value in _QUIET.items())
        self._engine = LibtorrentEngine(Wishes(settings=settings))
        shared = SharedEngine(lambda _: self._engine, Wishes())
        self._desk = Desk(shared, folder / "state")
        self._choices = Choices(folder / "state", shared, Wishes(), lambda **_: None)
        preferences = Preferences(save_folder=str(folder / "Downloads"))
        self._window = Window(root, self._desk, preferences, self._choices.remember)
        self._window.show()
        self._last = time.perf_counter()

    def opens(self, torrent: Torrent) -> None:
        """Click Download at the question for this."""
        self._desk.ask(torrent)
        self._clicks("Download", "at the question")
        self._until("after the click", lambda: self._desk.transfers)
        info_hash = torrent.metainfo.info_hash
        connecting = threading.Thread(target=self._connect, args=[info_hash])
        connecting.start()
        self._until("while it begins", lambda: not connecting.is_alive())

    def downloads(self) -> None:
        """Watch it with the fold open."""
        self._clicks("▸ Details", "at the fold")
        self._until("while it downloads", lambda: self._desk.transfers[0].progress.is_complete)

    def takes_it_away(self) -> None:
        """Let nothing be left of it."""
        transfer = self._desk.transfers[0]
        self._clicks("Keep sharing (helps others)", "at the switch")
        self._until("while it stops", lambda: not transfer.is_at_work)
        self._desk.cancel(transfer, is_deleted=True)
        self._until("while it is deleted", lambda: not self._desk.transfers)

    def leaves(self) -> None:
        """Close everything."""
        self._desk.close()
        self._engine.close()
        self._root.destroy()
        gc.collect()
        gc.enable()

    def _connect(self, info_hash: bytes) -> None:
        while True:
            try:
                self._engine.connect_peer(info_hash, ("127.0.0.1", self._port))
            except KeyError:
                time.sleep(_LATE_SECONDS)
            else:
                return

    def _clicks(self, label: str, moment: str) -> None:
        self._until(moment, lambda: self._button(label))
        button = self._button(label)
        assert button is not None
        button.invoke()

    def _button(self, label: str) -> ttk.Button | None:
        def below(parent: tkinter.Misc) -> Iterator[tkinter.Misc]:
            for child in parent.winfo_children():
                if child.winfo_ismapped():
                    yield child
                    yield from below(child)

        for widget in below(self._root):
            if isinstance(widget, ttk.Button | ttk.Checkbutton) and widget["text"] == label:
                return widget
        return None

    def _until(self, moment: str, look: Callable[[], object]) -> None:
        deadline = time.monotonic() + _SECONDS
        while not look():
            if time.monotonic() > deadline:
                raise SystemExit(f"Waited too long {moment}.")
            # Not by `after`: each of these leaves something for the garbage collector.
            if not self._root.tk.dooneevent(tkinter._tkinter.DONT_WAIT):
                time.sleep(_TURN_SECONDS)
            now = time.perf_counter()
            self.gaps.append((now - self._last, moment))
            self._last = now


@contextmanager
def slow_disk(folder: Path, seconds: float) -> Iterator[None]:
    """Let Python's calls below this folder take so long, whichever thread makes them."""

    def slowly(call: Callable[..., Any]) -> Callable[..., Any]:
        def slow(path: Any, *rest: Any, **options: Any) -> Any:
            if not isinstance(path, int) and str(path).startswith(f"{folder}{os.sep}"):
                time.sleep(seconds)
            return call(path, *rest, **options)

        return slow

    def sync(number: int) -> None:
        time.sleep(seconds)
        fsync(number)

    fsync = os.fsync
    before: list[tuple[Any, str, Any]] = [(os, name, getattr(os, name)) for name in _CALLS]
    before += [(io, "open", io.open), (builtins, "open", builtins.open)]
    for module, name, call in before:
        setattr(module, name, slowly(call))
    os.fsync = sync
    try:
        yield
    finally:
        os.fsync = fsync
        for module, name, call in before:
            setattr(module, name, call)


if __name__ == "__main__":
    main()
