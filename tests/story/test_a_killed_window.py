"""A large download in a window that is killed: it goes on without reading it all again."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random

import pytest

from installer.formats import metainfo
from installer.formats.bencoding import decode
from installer.formats.metainfo import File
from tests.programs import wait_until
from tests.story.desktop import CLIENT, Desktop, open_desktop

PIECE = Random(7).randbytes(1 << 20)
COUNT = 1000
SIZE = COUNT * len(PIECE)
NAME = "All the Films.mkv"
SECONDS = 60


class Copy:
    """The site's own copy: a gigabyte that is nowhere, and given up to a mark."""

    def __init__(self) -> None:
        self.given = 0
        self._mark = 0
        self._is_gone = False
        self._changed = threading.Condition()

    def give_up_to(self, mark: int) -> None:
        """Go on to this mark, counted from the beginning."""
        with self._changed:
            self._mark = mark
            self._changed.notify_all()

    def take(self, most: int) -> int:
        """How much of what was asked for may be given now; waits, and is 0 at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_gone or self.given < self._mark)
            share = 0 if self._is_gone else min(most, self._mark - self.given)
            self.given += share
            return share

    def go(self) -> None:
        """Let nobody wait any more."""
        with self._changed:
            self._is_gone = True
            self._changed.notify_all()


@contextmanager
def open_copy() -> Iterator[tuple[Copy, str]]:
    """A web seed, and its address."""
    copy = Copy()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            first, last = map(int, self.headers["Range"].removeprefix("bytes=").split("-"))
            # Whoever is killed does not listen to the end.
            with suppress(OSError):
                self.send_response(206)
                self.send_header("Content-Length", str(last + 1 - first))
                self.send_header("Content-Range", f"bytes {first}-{last}/{SIZE}")
                self.end_headers()
                self._give(first, last + 1)

        def _give(self, place: int, end: int) -> None:
            while place < end:
                start = place % len(PIECE)
                share = copy.take(min(end - place, len(PIECE) - start, 1 << 18))
                if not share:
                    self.close_connection = True
                    return
                self.wfile.write(memoryview(PIECE)[start : start + share])
                place += share

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield copy, f"http://127.0.0.1:{server.server_port}/{NAME.replace(' ', '%20')}"
        finally:
            copy.go()
            server.shutdown()
            thread.join()


def write_torrent(path: Path, web_seed: str) -> Path:
    info = metainfo.info_v1(
        NAME,
        [File((NAME,), SIZE)],
        is_folder=False,
        piece_length=len(PIECE),
        pieces=hashlib.sha1(PIECE).digest() * COUNT,
    )
    path.write_bytes(metainfo.write(info, web_seeds=[web_seed]))
    return path


@pytest.fixture
def bob(tmp_path: Path) -> Iterator[Desktop]:
    with open_desktop(tmp_path / "bob") as bob:
        yield bob
    # Three runs are kept, which need no gigabyte each.
    (bob.home / "Downloads" / NAME).unlink(missing_ok=True)


def kept_pieces(bob: Desktop) -> int:
    """How many pieces Bob's program has noted to be on the disk."""
    for path in bob.state.glob("transfers/*/resume"):
        pieces = decode(path.read_bytes(), max_tokens=100_000)[b"pieces"]
        return int.from_bytes(pieces, "big").bit_count()
    return 0


def shows(bob: Desktop, percent: int) -> bool:
    """Whether this is how far the window says it is."""
    return any(title.startswith(f"{percent} %") and NAME in title for title in bob.titles())


def read_by(process: int) -> int:
    """How many bytes a process has read from files so far."""
    counts = Path(f"/proc/{process}/io").read_text().splitlines()
    return next(int(line.split()[1]) for line in counts if line.startswith("rchar"))


def test_a_killed_gigabyte_goes_on_without_reading_it_all_again(
    bob: Desktop, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with open_copy() as (copy, address):
        torrent = write_torrent(tmp_path / "films.torrent", address)
        copy.give_up_to(SIZE * 6 // 10)
        with bob.opens([*CLIENT, torrent]) as window:
            bob.accepts(NAME)
            wait_until("a note of it", lambda: kept_pieces(bob) > COUNT // 2, SECONDS)
            copy.give_up_to(SIZE * 7 // 10)
            wait_until("a little more", lambda: copy.given == SIZE * 7 // 10, SECONDS)
            kept = kept_pieces(bob)
            window.kill()

        with bob.opens([*CLIENT, "--log", log]) as window:
            wait_until("its row", lambda: shows(bob, kept * 100 // COUNT), SECONDS)
            assert read_by(window.pid) < SIZE / 10
            before = copy.given
            copy.give_up_to(2 * SIZE)
            wait_until("the end", lambda: bob.shelf[0].is_complete, SECONDS)
            assert copy.given - before < SIZE - kept * len(PIECE) + SIZE / 20
    assert "checking" not in log.read_text()
    with (bob.home / "Downloads" / NAME).open("rb") as film:
        assert all(film.read(len(PIECE)) == PIECE for _ in range(COUNT))
        assert not film.read(1)
