"""What happens at the start of a carrier: it installs itself and lets the installed copy go on."""

import os
import sys
import time
from pathlib import Path

from client.folders.keeping import lock_file
from client.folders.preferences import read_preferences
from client.install import installing
from client.opening.handover import Request, hand_over, remove_private_folder
from client.words import gettext as _
from client.words import sentence, speak
from installer.errors import PassalongError

_START_SECONDS = 15.0
_LOOK_SECONDS = 0.05


def install_as_chosen(state: Path) -> Path:
    """Install what this program carries; the links that the person chose stay chosen."""
    preferences, _said = read_preferences(state)
    speak(preferences.language)
    return installing.install(
        handles_links=preferences.handles_links,
        starts_with_computer=preferences.starts_with_computer,
    )


def hand_over_and_update(state: Path, request: Request) -> bool:
    """Let the window that is open do it, and bring what is installed up to date after that."""
    if not hand_over(state, request):
        return False
    if installing.is_carrier():
        _ensure_installed(state)  # An open window stays the old one until it is closed.
    return True


def install_and_hand_over(state: Path, request: Request) -> bool:
    """Let the window that is open, or the installed copy, do it; false when neither can."""
    if hand_over_and_update(state, request):
        return True
    return (
        installing.is_carrier()
        and _ensure_installed(state, is_starting=True)
        and _hand_over_soon(state, request)
    )


def end_window(state: Path) -> None:
    """Ask the window that is open to end, wait for it, and leave no trace of where it was met."""
    if not hand_over(state, Request(("quit",))) or _has_ended_soon(state):
        remove_private_folder(state)


def restore_environment() -> None:
    """Programs that we start must not find the libraries that the frozen program brought along."""
    if getattr(sys, "frozen", False) and "LD_LIBRARY_PATH" in os.environ:
        before = os.environ.pop("LD_LIBRARY_PATH_ORIG", "")
        if before:
            os.environ["LD_LIBRARY_PATH"] = before
        else:
            del os.environ["LD_LIBRARY_PATH"]


def _ensure_installed(state: Path, *, is_starting: bool = False) -> bool:
    """Install, unless that is done already; false when there is no installed copy after it."""
    try:
        if not installing.is_up_to_date():
            installing.unpack()
            install_as_chosen(state)
        program = installing.installed_program()
        if program is not None and is_starting:
            installing.start(program)
    except (PassalongError, OSError) as error:
        why = _("It runs without being installed.")
        print(sentence(error), why, file=sys.stderr)
        return False
    return program is not None


def _has_ended_soon(state: Path) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        try:
            lock_file(state / "window.lock").close()
        except PassalongError:
            time.sleep(_LOOK_SECONDS)
        else:
            return True
    return False


def _hand_over_soon(state: Path, request: Request) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if hand_over(state, request):
            return True
        time.sleep(_LOOK_SECONDS)
    return False
