"""A screen that nobody sees, and the real window on it, driven as a person would."""

import gc
import os
import subprocess
import time
import tkinter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tkinter import ttk

import pytest

from client.engine.libtorrent_engine import LibtorrentEngine
from client.engine.transfer import Limits, Wishes
from client.folders.preferences import Preferences
from client.gui import starting
from client.gui.desk import Desk
from client.gui.engine import SharedEngine
from client.gui.errand import Errand
from client.gui.style import dress
from client.gui.window import Window
from client.words import speak
from tests.client.conftest import QUIET
from tests.programs import ROOT, needs
from tests.screen import open_screen

PICTURES = ROOT / ".cache" / "pictures"


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """A screen that nobody sees."""
    with open_screen() as name:
        yield name


@dataclass(frozen=True, slots=True)
class Taste:
    """How the person has set up the computer."""

    scale: float = 1
    language: str = "en"
    is_dark: bool = False


class Person:
    """Sees the window and uses its buttons; all by what is written on them."""

    def __init__(self, root: tkinter.Tk, window: Window, desk: Desk) -> None:
        self.root = root
        self.window = window
        self.desk = desk
        self.remembered: list[Preferences] = []
        self.follow: Callable[[], None] = lambda: None

    def wait_for(self, what: str, look: Callable[[], object], seconds: float = 20) -> None:
        """Let the window live until something is so."""
        deadline = time.monotonic() + seconds
        while not look():
            if time.monotonic() > deadline:
                pytest.fail(f"{seconds:g} seconds passed without {what}; seen: {self.texts()}")
            self.root.update()
            time.sleep(0.01)

    def sees(self, text: str) -> None:
        """Wait until this text stands somewhere in the window."""
        self.wait_for(f"the text {text!r}", lambda: any(text in seen for seen in self.texts()))

    def clicks(self, label: str) -> None:
        """Press the button with this label, once it is there."""
        self.wait_for(f"the button {label!r}", lambda: self.find(label))
        self.find(label)[0].invoke()

    def types(self, *keys: str) -> None:
        """Press these keys of the screen's own keyboard, by xdotool's names."""
        program = needs("xdotool", apt="xdotool")
        environment = {**os.environ, "DISPLAY": str(self.root.winfo_screen())}
        subprocess.run([program, "key", *keys], env=environment, check=True)

    def find(self, label: str, within: tkinter.Misc | None = None) -> list[ttk.Button]:
        """The buttons that are seen with this label."""
        return [
            widget
            for widget in self.widgets(within)
            if isinstance(widget, ttk.Button | ttk.Checkbutton) and str(widget["text"]) == label
        ]

    def meets(self, ask: Callable[[], object], use: Callable[[tkinter.Toplevel], object]) -> None:
        """Do what asks a question; the window waits in it, so it is used from within."""
        faults: list[BaseException] = []

        def look() -> None:
            questions = [one for one in self.widgets() if isinstance(one, tkinter.Toplevel)]
            if not questions:
                nonlocal later
                later = self.root.after(10, look)
                return
            try:
                use(questions[0])
            except (Exception, pytest.fail.Exception) as fault:
                # Tk would only print it.
                faults.append(fault)
            questions[0].destroy()

        later = self.root.after(10, look)
        ask()
        self.root.after_cancel(later)
        for fault in faults:
            raise fault

    def draws(self) -> None:
        """See the desk as it is now, without waiting for the window's next look."""
        self.window._rows.draw()
        self.root.update()

    def finds_table(self) -> ttk.Treeview:
        """The list of files, once it is there."""

        def look() -> list[ttk.Treeview]:
            return [widget for widget in self.widgets() if isinstance(widget, ttk.Treeview)]

        self.wait_for("a list", look)
        return look()[0]

    def texts(self, within: tkinter.Misc | None = None) -> list[str]:
        """All that can be read at this moment."""
        return [str(widget["text"]) for widget in self.widgets(within) if "text" in widget.keys()]  # noqa: SIM118

    def widgets(self, parent: tkinter.Misc | None = None) -> Iterator[tkinter.Widget]:
        """Everything that is drawn."""
        for child in (parent or self.root).winfo_children():
            if child.winfo_ismapped():
                yield child
                # Python knows nothing of the list that a combobox has opened.
                if not isinstance(child, ttk.Combobox):
                    yield from self.widgets(child)

    def takes_picture(self, name: str) -> Path:
        """Keep how the window looks; a person looks at these pictures."""
        path = PICTURES / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        self._import(self.root, str(path))
        return path

    def looks_at(self, widget: tkinter.Misc) -> bytes:
        """The dots of this part of the screen: red, green and blue of each."""
        return self._import(widget, "rgb:-")

    def _import(self, widget: tkinter.Misc, target: str) -> bytes:
        program = needs("import", apt="imagemagick")
        self.root.update()
        left, top = widget.winfo_rootx(), widget.winfo_rooty()
        size = f"{widget.winfo_width()}x{widget.winfo_height()}+{left}+{top}"
        display = ["-display", str(self.root.winfo_screen())]
        command = [program, *display, "-window", "root", "-crop", size, "-depth", "8", "+repage"]
        return subprocess.run([*command, target], check=True, capture_output=True).stdout


@pytest.fixture
def person(
    request: pytest.FixtureRequest,
    display: str,
    state: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Person]:
    """Bob before an empty window; his downloads are slow enough to be watched."""
    taste = getattr(request, "param", Taste())
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setenv("GTK_THEME", "Adwaita:dark" if taste.is_dark else "Adwaita")
    speak(taste.language)
    gc.disable()
    root = starting.connect_screen()
    assert root is not None
    root.tk.call("tk", "scaling", 96 / 72 * taste.scale)
    dress(root)

    def make(wishes: Wishes) -> LibtorrentEngine:
        return LibtorrentEngine(Wishes(wishes.limits, settings=QUIET))

    engine = SharedEngine(make, Wishes(Limits(0, 0)))
    desk = Desk(engine, state)
    remembered: list[Preferences] = []
    preferences = Preferences(save_folder=str(tmp_path / "Downloads"))

    def remember(chosen: Preferences) -> Errand:
        remembered.append(chosen)
        return Errand(lambda: person.follow())

    window = Window(root, desk, preferences, remember)
    person = Person(root, window, desk)
    person.remembered = remembered
    window.show()
    root.update()
    yield person
    desk.close()
    engine.close()
    root.destroy()


def pytest_runtest_logfinish() -> None:
    """Let what belongs to Tk die here: in another test's thread it would be that test's fault.

    Not before this hook: the test holds its fixtures until then.
    """
    gc.collect()
    gc.enable()
