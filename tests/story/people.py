"""The people of the stories: each has a browser, a home for the client, and programs that run."""

import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Self

from tests.programs import Process, clean_environment, running, wait_until
from tests.story.site import Browser, Site, info_hashes

SECONDS_TO_PUBLISH = 60
SECONDS_TO_DOWNLOAD = 90
# On one computer all peers have the same address, and nobody else should hear of the test.
ON_THIS_COMPUTER = {
    "allow_multiple_connections_per_ip": "true",
    "enable_dht": "false",
    "enable_lsd": "false",
    "enable_upnp": "false",
    "enable_natpmp": "false",
}


class Person:
    """Somebody at a computer of their own; leaving the block ends their programs."""

    platform = "linux"
    ending = ""

    def __init__(self, name: str, site: Site, folder: Path) -> None:
        self.name = name
        self.folder = folder / name
        self.downloads = self.folder / "Downloads"
        self.downloads.mkdir(parents=True)
        self.browser = Browser(site)
        self._programs = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._programs.close()
        self.browser.close()

    def publish(self, film: Path) -> Process:
        """Get the program that carries a ticket, and let it publish and share the film."""
        program = self.folder / f"publish{self.ending}"
        self.browser.send_and_save("/upload/", f"/upload/easy/{self.platform}/", program)
        return self._run_client(program, "publish", film)

    def easy_download(self, release: str, *options: str) -> Process:
        """Click the big button and run what it gives."""
        program = self.folder / f"download{self.ending}"
        self.browser.download(f"/torrents/{release}/easy/{self.platform}/", program)
        return self._run_client(program, "--save-to", self.downloads, *options)

    def download_torrent(self, release: str) -> Path:
        """Take the torrent file that the page of the release offers."""
        page = self.browser.read(f"/torrents/{release}/")
        found = re.search(rf'"([^"]*/torrents/{release}/[^"/]+\.torrent)"', page)
        assert found, page
        return self.browser.download(found[1], self.folder / "release.torrent")

    def wait_for_release(self, title: str) -> str:
        """The info-hash of the release with this title, once it is listed and has its page."""

        def look() -> str:
            for release in info_hashes(self.browser.read("/")):
                if title in self.browser.read(f"/torrents/{release}/"):
                    return release
            return ""

        return wait_until(f"a release called {title}", look, SECONDS_TO_PUBLISH)

    def wait_until_saved(self, film: Path, client: Process) -> None:
        """Return when all files are as they were published, though the client goes on."""

        def look() -> bool:
            assert client.exit_code is None, client.output
            return self.saved(film) == tree(film)

        wait_until(f"{self.name} having all of {film.name}", look, SECONDS_TO_DOWNLOAD)

    def saved(self, film: Path) -> dict[str, bytes]:
        """What this person has of a film."""
        return tree(self.downloads / film.name)

    def run(self, arguments: Sequence[str | Path]) -> Process:
        """Start a program in this person's home."""
        log = self.folder / f"{Path(arguments[0]).name}.log"
        return self._programs.enter_context(running(arguments, log, self._environment()))

    def _run_client(self, client: Path, *arguments: str | Path) -> Process:
        options = [f"--setting={name}={value}" for name, value in ON_THIS_COMPUTER.items()]
        return self.run([client, *arguments, "--no-window", *options])

    def _environment(self) -> Mapping[str, str]:
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        return clean_environment(HOME=str(home), PASSALONG_HOME=str(home / "passalong"))


def make_film(folder: Path) -> Path:
    """A folder with files and names such as people have, each time the same."""
    noise = Random(folder.name)
    for name, size in {
        "The Film.mkv": 3_000_000,
        "Untertitel/Französisch – für Geübte.srt": 40_001,
        "Untertitel/日本語.srt": 16_384,
        "Bilder/Georges Méliès/ein Plakat.jpg": 262_144,
        "nothing yet.txt": 0,
        "Read me.txt": 1,
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(noise.randbytes(size))
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its path in it; empty when there is no such folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
