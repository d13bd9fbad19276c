"""How long the frozen client takes from its start to its window, to its first announce, and to the
window that is open already.

    python -m benchmarks.client.starting [--templates FOLDER] [--rounds 5]

On an X server of its own, in a fresh home for each double click. The person's click is made by
`xdotool` as soon as there is a window. Needs xvfb and xdotool.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from installer.bundle.joining import join
from installer.bundle.template import Template, newest, this_platform
from installer.formats import metainfo
from installer.formats.payload import Download
from tests.installer import torrents
from tests.installer.examples import KEY
from tests.screen import open_screen

_SECONDS = 60
_OFFLINE = ("enable_lsd = false", "enable_upnp = false", "enable_natpmp = false")


def main() -> None:
    """Measure, and print one line for each kind of start."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--templates", type=Path, default=Path("data/templates"))
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    command = [sys.executable, "-m", "installer.freeze", "--templates", options.templates]
    subprocess.run([*command, "--if-missing"], check=True, stdout=subprocess.DEVNULL)
    client = newest(options.templates, this_platform())
    assert client is not None
    rounds = []
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder, open_screen() as screen:
            rounds.append(Bob(Path(folder), screen).starts(client))
    names = [
        "double click of a new bundle to its window, which includes installing",
        "the same double click to the first announce",
        "second start until it is handed over",
        "second bundle until it is handed over",
        "a bundle that only says its version, so unpacks itself and cleans up",
        "installed copy to its window",
    ]
    for name, seconds in zip(names, zip(*rounds, strict=True), strict=True):
        print(f"{name}: {statistics.median(seconds):.2f} s (worst {max(seconds):.2f} s)")


class Bob:
    """A home, a screen, and a tracker that notes when it first hears of him."""

    def __init__(self, home: Path, screen: str) -> None:
        self._home = home
        self._runtime = home / "run"
        self._runtime.mkdir(mode=0o700)
        self._environment = os.environ | {
            "HOME": str(home),
            "DISPLAY": screen,
            "XDG_RUNTIME_DIR": str(self._runtime),
            "BROWSER": "true",
        }
        state = home / ".local/state/passalong"
        state.mkdir(parents=True)
        (state / "settings.toml").write_text("[libtorrent]\n" + "\n".join(_OFFLINE))

    def starts(self, client: Template) -> tuple[float, ...]:
        """Seconds of each kind of start."""
        with listening() as (address, is_heard):
            bundle = self._bundle(client, address)
            began = time.perf_counter()
            with subprocess.Popen([bundle], env=self._environment, stderr=subprocess.DEVNULL):
                self._wait_for_window()
                to_window = time.perf_counter() - began
                while not is_heard.wait(0.1):
                    self._does("key", "Return")
                to_announce = time.perf_counter() - began
            program = self._home / ".local/share/passalong/Passalong"
            handed_over = [self._runs(program), self._runs(bundle), self._runs(bundle, "--version")]
            self._runs(program, "uninstall", "--quiet", "--forget")
        self._runs(bundle, "install")
        began = time.perf_counter()
        with subprocess.Popen([program], env=self._environment, stderr=subprocess.DEVNULL) as alone:
            self._wait_for_window()
            installed_to_window = time.perf_counter() - began
            alone.terminate()
        return to_window, to_announce, *handed_over, installed_to_window

    def _bundle(self, client: Template, address: str) -> Path:
        info = torrents.info_v1("Night", torrents.files({"film.mkv": 5}))
        torrent = metainfo.write(info, announce=[[address]])
        site = address.removesuffix("/announce")
        path = self._home / "Night-download"
        path.write_bytes(b"".join(join(client, Download("Alice", site, torrent), KEY).chunks()))
        path.chmod(0o755)
        return path

    def _wait_for_window(self) -> None:
        self._does("search", "--sync", "--onlyvisible", "--class", "Passalong")

    def _does(self, *words: str) -> None:
        subprocess.run(
            ["xdotool", *words],
            env=self._environment,
            check=True,
            timeout=_SECONDS,
            stdout=subprocess.DEVNULL,
        )

    def _runs(self, *command: str | Path) -> float:
        """Seconds until it has ended well."""
        began = time.perf_counter()
        with subprocess.Popen(command, env=self._environment, stdout=subprocess.DEVNULL) as process:
            guard = threading.Timer(_SECONDS, process.kill)
            guard.start()
            # Waiting with a time limit would look every 50 ms only.
            status = process.wait()
            seconds = time.perf_counter() - began
            guard.cancel()
        assert status == 0
        return seconds


@contextmanager
def listening() -> Iterator[tuple[str, threading.Event]]:
    """A tracker that knows nobody, and whether anybody has announced."""
    is_heard = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_heard.set()
            body = b"d8:intervali60e5:peers0:e"
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/announce", is_heard
    server.shutdown()
    thread.join()
    server.server_close()


if __name__ == "__main__":
    main()
