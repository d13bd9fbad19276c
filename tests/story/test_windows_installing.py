"""A visitor with Windows: the first bundle installs, the second is handed over, then all goes."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from installer import VERSION
from installer.bundle.template import Template
from installer.freeze.windows import wine
from tests.programs import needs, running, wait_until
from tests.screen import open_screen
from tests.story.people import ON_THIS_COMPUTER, Person, make_film, tree
from tests.story.site import Site
from tests.windows import FOR_WINE, Windows

SECONDS = 90
MOST_COLOURS_OF_NOTHING = 50


@pytest.fixture(scope="module")
def screen() -> Iterator[str]:
    with open_screen() as name:
        yield name


class Visitor:
    """Bob, his computer and his screen."""

    def __init__(self, person: Person, windows: Windows, screen: str, folder: Path) -> None:
        self._person = person
        self._windows = windows
        self._folder = folder
        windows.environment["DISPLAY"] = screen
        self.programs = windows.user / "AppData/Local/Programs/Passalong"
        self.state = windows.user / "AppData/Local/Passalong"
        self.state.mkdir()
        settings = {**ON_THIS_COMPUTER, **FOR_WINE}.items()
        quiet = "\n".join(f"{name} = {value}" for name, value in settings)
        (self.state / "settings.toml").write_text(f"[libtorrent]\n{quiet}\n")

    @property
    def installed(self) -> Path:
        return self.programs / "Passalong.exe"

    def runs_bundle(self, release: str) -> None:
        """Double-click on what the big button gave."""
        bundle = self._folder / f"bundle-{release[:8]}.exe"
        self._person.browser.download(f"/torrents/{release}/easy/windows/", bundle)
        self.runs(bundle)

    def runs(self, program: Path, *words: str) -> None:
        """Run a program to its end, which must be a good one."""
        assert self._windows.run_detached(program, *words, seconds=SECONDS) == 0

    def accepts(self, film: Path) -> None:
        """Press Return until the window has begun to download this film."""

        def look() -> bool:
            with suppress(FileNotFoundError):
                if film.name in (self.state / "shelf.json").read_text():
                    return True
            # No window manager gives the window the keyboard.
            window = ("search", "--onlyvisible", "--name", "Passalong")
            self._on_screen("xdotool", *window, "windowfocus", "key", "Return")
            return False

        wait_until(f"the download of {film.name}", look, SECONDS)

    def sees(self) -> tuple[set[str], int]:
        """The titles of all windows, and how many colours there are on the screen."""
        titles = self._on_screen(
            "xdotool", "search", "--onlyvisible", "--name", "Passalong", "getwindowname", "%@"
        )
        picture = self._folder / "screen.png"
        self._on_screen("import", "-window", "root", str(picture))
        colours = self._on_screen("identify", "-format", "%k", str(picture))
        return set(titles.splitlines()), int(colours)

    def has(self, film: Path) -> bool:
        return tree(self._windows.user / "Downloads" / film.name) == tree(film)

    def _on_screen(self, *command: str) -> str:
        needs(command[0], apt="xdotool imagemagick")
        return subprocess.run(
            command, env=self._windows.environment, capture_output=True, text=True, timeout=SECONDS
        ).stdout


@pytest.fixture
def bob(site: Site, windows: Windows, screen: str, tmp_path: Path) -> Iterator[Visitor]:
    with Person("bob", site, tmp_path) as person:
        yield Visitor(person, windows, screen, tmp_path)


def test_installs_downloads_hands_over_and_leaves_nothing(
    alice: Person, charlie: Person, bob: Visitor, windows: Windows, tmp_path: Path
) -> None:
    before = windows.registry(), windows.files()
    films = [make_film(tmp_path / "The First"), make_film(tmp_path / "The Second")]
    for film in films:
        publisher = alice.publish(film)
        bob.runs_bundle(charlie.wait_for_release(film.name))
        assert bob.installed.is_file()
        bob.accepts(film)
        wait_until(f"all of {film.name}", lambda film=film: bob.has(film), SECONDS)
        assert publisher.stop() == 0, publisher.output
    titles, colours = bob.sees()
    assert "Passalong" in titles
    assert colours > MOST_COLOURS_OF_NOTHING

    bob.runs(bob.installed, "uninstall", "--quiet", "--forget")
    assert windows.registry() == before[0]
    left = {path for path in windows.files() - before[1] if not path.startswith("Downloads/")}
    assert left == set()


def test_what_was_pinned_starts_the_newest_copy_after_an_update(
    windows: Windows, windows_client: Template, screen: str, tmp_path: Path
) -> None:
    before = windows.registry(), windows.files()
    programs = windows.user / "AppData/Local/Programs/Passalong"
    assert windows.run_detached(windows_client.path, "install") == 0
    newest = programs / (programs / "current").read_text()
    pinned = _make_older(programs, newest)

    assert windows.run_detached(windows_client.path, "install") == 0
    assert (programs / "current").read_text() == newest.name
    windows.environment["DISPLAY"] = screen
    with suppress(subprocess.TimeoutExpired):
        windows.run_detached(programs / "Passalong.exe", "--quiet", seconds=3)
    starter = (programs / "Passalong.exe").read_bytes()
    wait_until("the old copy's end", lambda: pinned.read_bytes() == starter, SECONDS)

    for program in (pinned, programs / "Passalong.exe"):
        assert windows.run(program, "--version").stdout == f"Passalong {VERSION}\n"
    assert windows.run(pinned, "show").returncode == 2
    _uninstall_in_window(windows, pinned, tmp_path / "log")
    assert (windows.registry(), windows.files()) == before


def _uninstall_in_window(windows: Windows, program: Path, log: Path) -> None:
    """As Apps & features does; forgets the settings, by keyboard."""
    needs("xdotool", apt="xdotool")
    window = ["xdotool", "search", "--onlyvisible", "--name", "Uninstall Passalong"]

    def presses(*keys: str) -> bool:
        command = [*window, "windowfocus", "key", "--delay", "200", *keys]
        finished = subprocess.run(
            command, env=windows.environment, timeout=SECONDS, capture_output=True
        )
        return finished.returncode == 0

    def has_closed() -> bool:
        presses("Return")
        return process.exit_code is not None

    with running(windows.command(program, "uninstall"), log, windows.environment) as process:
        keys = ("shift+Tab", "space", "Tab", "Return")
        wait_until("the question", lambda: presses(*keys), SECONDS)
        wait_until("the last window's end", has_closed, SECONDS)
        assert process.exit_code == 0, process.output


def _make_older(programs: Path, newest: Path) -> Path:
    """Make it an installation from before there was a start path; what it starts with is pinned."""
    older = programs / "app-0.0.9-older"
    shutil.copytree(newest, older)
    (programs / "current").write_text(older.name)
    (programs / "Passalong.exe").unlink()
    return older / "Passalong.exe"


def test_an_installation_that_was_killed_is_done_by_the_next_one(
    windows: Windows, windows_client: Template, tmp_path: Path
) -> None:
    before = windows.registry(), windows.files()
    programs = windows.user / "AppData/Local/Programs/Passalong"
    command = windows.command(windows_client.path, "install")
    with running(command, tmp_path / "log", windows.environment):
        wait_until("half an installation", lambda: list(programs.glob(".app-*.draft/_internal/*")))
        wine.end(windows.prefix)
    assert not (programs / "current").exists()

    assert windows.run_detached(windows_client.path, "install") == 0
    installed = programs / "Passalong.exe"
    assert windows.run(installed, "--version").stdout == f"Passalong {VERSION}\n"

    assert windows.run_detached(installed, "uninstall", "--quiet") == 0
    assert (windows.registry(), windows.files()) == before
