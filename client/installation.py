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
from client.words import sentence
from installer.errors import PassalongError

_START_SECONDS = 15.0
_LOOK_SECONDS = 0.05


def install_as_chosen(state: Path) -> Path:
    """Install what this program carries; the links that the person chose stay chosen."""
    preferences, _said = read_preferences(state)
    return installing.install(
        handles_links=preferences.handles_links,
        starts_with_computer=preferences.starts_with_computer,
    )


def install_and_hand_over(state: Path, request: Request) -> bool:
    """Let the window that is open, or the installed copy, do it; false when neither can."""
    is_open = hand_over(state, request)
    if not installing.is_carrier():
        return is_open
    try:
        if not installing.is_up_to_date():
            # An open window stays the old one until it is closed.
            install_as_chosen(state)
        program = installing.installed_program()
        if is_open or program is None:
            return is_open
        installing.start(program)
    except (PassalongError, OSError) as error:
        why = _("It runs without being installed.")
        print(sentence(error), why, file=sys.stderr)
        return is_open
    return _hand_over_soon(state, request)


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
