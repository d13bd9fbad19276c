"""The person's desktop: opening folders and pages, and asking for files with its own dialogs."""

import os
import shutil
import subprocess
import sys
import tkinter
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tkinter import filedialog
from urllib.parse import urlsplit

from client.folders.places import is_there
from client.gui.errand import Errand
from client.words import gettext as _
from client.words import spoken

_LOOK_MILLISECONDS = 100
_PATIENCE_SECONDS = 0.05

Then = Callable[[Path], None]


def open_folder(path: Path) -> None:
    """Show the folder that holds the path. What was downloaded is never opened itself."""
    Errand(lambda: _show_folder(path.parent))


def _show_folder(folder: Path) -> None:
    if not folder.is_dir():
        return
    if sys.platform == "win32":
        os.startfile(folder)  # noqa: S606
    else:
        opener = "open" if sys.platform == "darwin" else "xdg-open"
        _start([opener, str(folder)])


def open_page(url: str) -> None:
    """Show a page of the site in the browser; nothing but a web address is opened."""
    try:
        is_page = urlsplit(url).scheme in {"http", "https"}
    except ValueError:
        # A site may name any text as its page, such as half an IPv6 address.
        return
    if is_page:
        Errand(lambda: webbrowser.open(url))


def is_default_for_person_to_choose() -> bool:
    """Whether no program can make itself the one that opens a type of files, as on Windows."""
    return sys.platform == "win32"


def open_default_programs() -> None:
    """Show the page of Windows on which a person makes us the program for torrents and magnets."""
    if sys.platform == "win32":
        with suppress(OSError):
            os.startfile("ms-settings:defaultapps?registeredAppUser=Passalong")  # noqa: S606


def speak_in_dialogs(window: tkinter.Misc) -> None:
    """Let the dialogs that Tk brings along speak our language; Windows and macOS have their own."""
    tk = window.tk
    if tk.call("tk", "windowingsystem") != "x11":
        return
    tk.call("::msgcat::mclocale", spoken())
    tk.eval("namespace eval ::tk {::msgcat::mcload [file join $::tk_library msgs]}")


def choose_folder(window: tkinter.Misc, question: str, start: Path, then: Then) -> None:
    """Let the person choose a folder."""
    if _zenity(window, ["--directory", f"--filename={start}/", f"--title={question}"], then):
        return
    looking = Errand(lambda: _existing(start))
    # A drive that hangs is not waited for.
    looking.wait(_PATIENCE_SECONDS)
    first = looking.result or Path.home()
    _tell(filedialog.askdirectory(parent=window, title=question, initialdir=str(first)), then)


def choose_file(window: tkinter.Misc, question: str, then: Then, *, kinds: str = "") -> None:
    """Let the person choose a file that is there; `kinds` are endings such as "*.torrent"."""
    filters = [f"--file-filter={kinds}"] if kinds else []
    if _zenity(window, [f"--title={question}", *filters], then):
        return
    types = [(_("All of these"), kinds.split()), (_("Everything"), ["*"])] if kinds else []
    _tell(filedialog.askopenfilename(parent=window, title=question, filetypes=types), then)


def _zenity(window: tkinter.Misc, options: list[str], then: Then) -> bool:
    """Tk's own file dialog on Linux is hard to read; use the desktop's if there is one."""
    if sys.platform != "linux" or shutil.which("zenity") is None:
        return False
    dialog = subprocess.Popen(
        ["zenity", "--file-selection", *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )

    def look() -> None:
        if dialog.poll() is None:
            window.after(_LOOK_MILLISECONDS, look)
            return
        assert dialog.stdout is not None
        _tell(os.fsdecode(dialog.stdout.read()).removesuffix("\n"), then)

    look()
    return True


def _tell(answer: str | tuple[str, ...], then: Then) -> None:
    if answer:
        then(Path(str(answer)))


def _existing(folder: Path) -> Path:
    parents = (folder, *folder.parents)
    return next((parent for parent in parents if is_there(parent)), Path.home())


def _start(command: list[str]) -> None:
    try:
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return
