"""A visitor with a desktop: the first bundle installs, the second is handed over, then all goes."""

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.programs import Process, clean_environment, needs, running, wait_until
from tests.screen import open_screen
from tests.story.people import ON_THIS_COMPUTER, Person, make_film, tree
from tests.story.site import ADMIN, PASSWORD, Site

SECONDS = 60


@pytest.fixture
def screen() -> Iterator[str]:
    with open_screen() as name:
        yield name


class Visitor:
    """Bob, his home and his screen."""

    def __init__(self, person: Person, screen: str, folder: Path) -> None:
        self._person = person
        self.home = folder / "home"
        self.home.mkdir()
        self._runtime = folder / "run"
        self._runtime.mkdir(mode=0o700)
        (self.home / "Music").mkdir()
        (self._runtime / "bus").touch()
        self.before = self.files()
        self._environment = {
            **clean_environment(HOME=str(self.home), DISPLAY=screen, LANG="en_GB.UTF-8"),
            "XDG_RUNTIME_DIR": str(self._runtime),
        }
        browser = folder / "browser"
        browser.write_text(f'#!/bin/sh\necho "$1" >> {folder}/pages\n')
        browser.chmod(0o755)
        self._environment["BROWSER"] = str(browser)
        self._pages = folder / "pages"
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CURRENT_DESKTOP"):
            self._environment.pop(name, None)
        self.shelf = self.home / ".local/state/passalong/shelf.json"
        self.shelf.parent.mkdir(parents=True)
        quiet = "\n".join(f"{name} = {value}" for name, value in ON_THIS_COMPUTER.items())
        (self.shelf.parent / "settings.toml").write_text(f"[libtorrent]\n{quiet}\n")
        self.installed = self.home / ".local/share/passalong/Passalong"

    def runs_bundle(self, release: str) -> None:
        """Double-click on what the big button gave."""
        bundle = self.home.parent / f"bundle-{release[:8]}"
        self._person.browser.download(f"/torrents/{release}/easy/linux/", bundle)
        self.runs(bundle)

    def runs(self, program: Path, *words: str) -> None:
        """Run a program to its end, which must be a good one."""
        program.chmod(0o755)
        with running([program, *words], self.home.parent / "log", self._environment) as process:
            assert process.wait(SECONDS) == 0, process.output

    def presses_return(self) -> None:
        """Take what the window proposes."""
        xdotool = needs("xdotool", apt="xdotool")
        subprocess.run([xdotool, "key", "Return"], env=self._environment, check=True)

    def accepts(self, film: Path) -> None:
        """Press Return until the window has begun to download this film."""

        def look() -> bool:
            with suppress(FileNotFoundError):
                if film.name in self.shelf.read_text():
                    return True
            self.presses_return()
            return False

        wait_until(f"the download of {film.name}", look, SECONDS)

    def uninstalls(self) -> None:
        """As the desktop's menu does; forgets the settings, by keyboard."""
        with running(
            [self.installed, "uninstall"], self.home.parent / "log", self._environment
        ) as process:
            keys = ["shift+Tab", "space", "Tab", "Return"]
            window = ["search", "--sync", "--onlyvisible", "--name", "Uninstall Passalong"]
            subprocess.run(
                ["xdotool", *window, "windowfocus", "--sync", "key", "--delay", "100", *keys],
                env=self._environment,
                check=True,
                timeout=SECONDS,
            )
            wait_until("the end of the program", lambda: not self.installed.exists(), SECONDS)
            wait_until("the last window's end", lambda: self._closes(process), SECONDS)
            assert process.wait(SECONDS) == 0, process.output

    def _closes(self, process: Process) -> bool:
        self.presses_return()
        return process.exit_code is not None

    @property
    def pages(self) -> list[str]:
        """What his browser was asked to show."""
        return self._pages.read_text().splitlines() if self._pages.exists() else []

    def files(self) -> set[str]:
        """All that lies in his home and in his session's folder, folders too."""
        return {f"home/{path}" for path in below(self.home)} | {
            f"run/{path}" for path in below(self._runtime)
        }

    def has(self, film: Path) -> bool:
        return tree(self.home / "Downloads" / film.name) == tree(film)


def below(folder: Path) -> set[str]:
    """The path of everything in it, at all levels."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_installs_downloads_hands_over_and_leaves_nothing(
    site: Site, alice: Person, tmp_path: Path, screen: str
) -> None:
    needs("xdotool", apt="xdotool")
    films = [make_film(tmp_path / "The First"), make_film(tmp_path / "The Second")]
    with Person("bob", site, tmp_path) as person, Person("carol", site, tmp_path) as carol:
        carol.browser.sign_in(ADMIN, PASSWORD)
        bob = Visitor(person, screen, tmp_path / "bob")
        alice.publish(films[0])
        first = person.wait_for_release(films[0].name)
        bob.runs_bundle(first)
        assert bob.installed.is_symlink()
        bob.accepts(films[0])
        wait_until("the first film", lambda: bob.has(films[0]), SECONDS)

        carol.publish(films[1])
        second = person.wait_for_release(films[1].name)
        bob.runs_bundle(second)
        bob.accepts(films[1])
        wait_until("the second film", lambda: bob.has(films[1]), SECONDS)

        assert [page for page in bob.pages if page.endswith("/welcome/")] == bob.pages
        assert len(bob.pages) == 1
        bob.uninstalls()
    saved = {"home/Downloads"}
    for film in films:
        folder = f"home/Downloads/{film.name}"
        saved |= {folder, *(f"{folder}/{path}" for path in below(film))}
    assert bob.files() == bob.before | saved
