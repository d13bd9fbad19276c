"""A computer with a screen in the stories: a home, windows and keys. What runs is the story's."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from client.folders.shelf import Shelved, read_shelf
from tests.programs import Process, clean_environment, needs, running, wait_until
from tests.screen import open_screen
from tests.story.people import ON_THIS_COMPUTER

SECONDS = 60
CLIENT = (sys.executable, "-m", "client")


class Desktop:
    """Somebody's home and session on one screen. Return takes what a window proposes."""

    def __init__(self, folder: Path, session: Path, screen: str) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.session = session
        self.environment = {
            **clean_environment(HOME=str(self.home), DISPLAY=screen, LANG="en_GB.UTF-8"),
            "XDG_RUNTIME_DIR": str(session),
        }
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CURRENT_DESKTOP"):
            self.environment.pop(name, None)
        (self.home / "Music").mkdir(parents=True)
        (session / "bus").touch()
        self._pages = folder / "pages"
        browser = folder / "browser"
        browser.write_text(f'#!/bin/sh\necho "$1" >> {self._pages}\n')
        browser.chmod(0o755)
        self.environment["BROWSER"] = str(browser)
        self.state = self.home / ".local/state/passalong"
        self.programs = self.home / ".local/share/passalong"
        self.installed = self.programs / "Passalong"
        self.before = self.files()
        self.state.mkdir(parents=True)
        quiet = "\n".join(f"{name} = {value}" for name, value in ON_THIS_COMPUTER.items())
        (self.state / "settings.toml").write_text(f"[libtorrent]\n{quiet}\n")

    def runs(self, program: str | Path, *words: str | Path) -> None:
        """Run a program to its end, which must be a good one."""
        with self.opens([program, *words]) as process:
            assert process.wait(SECONDS) == 0, process.output

    @contextmanager
    def opens(self, command: Sequence[str | Path]) -> Iterator[Process]:
        """A program that is gone when the block is left, if not before."""
        with running(command, self.folder / "log", self.environment) as process:
            yield process

    def presses(self, *keys: str, window: str = "Passalong") -> bool:
        """Press these keys in the window of this title, if there is one."""
        # No window manager gives a window the keyboard.
        xdotool = needs("xdotool", apt="xdotool")
        focus = ("search", "--onlyvisible", "--name", window, "windowfocus")
        return self._asks(xdotool, *focus, "key", "--delay", "50", *keys) is not None

    def accepts(self, film: str) -> None:
        """Press Return until the window has begun with what has this name."""

        def look() -> bool:
            if any(film in (one.name, one.title) or film in one.magnet for one in self.shelf):
                return True
            self.presses("Return")
            return False

        wait_until(f"the beginning of {film}", look, SECONDS)

    @property
    def shelf(self) -> list[Shelved]:
        """What the window lists, as far as it has been kept."""
        return read_shelf(self.state)

    def titles(self, window: str = "Passalong") -> list[str]:
        """What stands above the windows that are seen, of those whose title is like this."""
        xdotool = needs("xdotool", apt="xdotool")
        search = ("search", "--onlyvisible", "--name", window)
        return (self._asks(xdotool, *search, "getwindowname", "%@") or "").splitlines()

    @property
    def pages(self) -> list[str]:
        """What the browser was asked to show."""
        return self._pages.read_text().splitlines() if self._pages.exists() else []

    def files(self) -> set[str]:
        """All that lies in the home and in the session's folder, folders too."""
        return {f"home/{path}" for path in below(self.home)} | {
            f"run/{path}" for path in below(self.session)
        }

    def _asks(self, *command: str) -> str | None:
        asked = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=SECONDS
        )
        return None if asked.returncode else asked.stdout


@contextmanager
def open_desktop(folder: Path) -> Iterator[Desktop]:
    """A desktop with a screen of its own until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    # A socket's name is short, so the session's folder has to be, as the real one's.
    with open_screen() as screen, tempfile.TemporaryDirectory() as session:
        yield Desktop(folder, Path(session), screen)


def below(folder: Path) -> set[str]:
    """The path of everything in it, at all levels."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
