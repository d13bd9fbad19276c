"""Installing, starting the installed copy, and uninstalling, on whatever desktop this is."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Protocol

from client.errors import FolderError
from client.folders.forgetting import forget_everything
from client.folders.keeping import lock_file
from client.install.copying import carried_build, is_finished, note_finished, put, start_path, tidy
from client.install.linux import LinuxDesktop, remove_empty
from client.install.removing import remove
from client.install.windows import WindowsDesktop
from client.words import gettext as _
from client.words import reason_of
from installer import VERSION

_LOCK = "install.lock"
_PATIENCE_SECONDS = 60.0
_LOOK_SECONDS = 0.05


class Desktop(Protocol):
    """Where programs are made known to the person."""

    program_folder: Path

    def register(self, program: Path, *, handles_links: bool, starts_with_computer: bool) -> None:
        """Bring the desktop in line with these wishes; doing it again changes nothing."""

    def unregister(self) -> None:
        """Take everything away again."""


def this_desktop() -> Desktop | None:
    """The desktop of this computer, None where installing is not known."""
    if sys.platform == "win32":
        return WindowsDesktop()
    return LinuxDesktop() if sys.platform == "linux" else None


def is_carrier() -> bool:
    """Whether this program can install itself, as one that came from a site can."""
    return carried_build(VERSION) is not None


@cache
def unpack() -> None:
    """Unpack what this program carries and has not needed until now; others have all they need."""
    build = carried_build(VERSION)
    if build is not None:
        build.unpack()


def is_installed_copy() -> bool:
    """Whether this very program is the installed copy."""
    desktop = this_desktop()
    if desktop is None or not getattr(sys, "frozen", False):
        return False
    return Path(sys.executable).resolve().is_relative_to(desktop.program_folder.resolve())


def install(*, handles_links: bool, starts_with_computer: bool) -> Path:
    """Install what this program carries; returns the path that starts it."""
    build, desktop = carried_build(VERSION), this_desktop()
    if build is None or desktop is None:
        raise FolderError(_("Only a program that came from a site's page can be installed."))
    with _alone_in(desktop.program_folder, _PATIENCE_SECONDS):
        # Copy first, then make it known: whatever happens in between, what is known works.
        program = put(build, desktop.program_folder)
        desktop.register(
            program, handles_links=handles_links, starts_with_computer=starts_with_computer
        )
        note_finished(build, desktop.program_folder)
    return program


def is_up_to_date() -> bool:
    """Whether what this carrier could install is there already, and the desktop knows it."""
    build, desktop = carried_build(VERSION), this_desktop()
    if build is None or desktop is None:
        return False
    return is_finished(build, desktop.program_folder)


def installed_program() -> Path | None:
    """What starts the installed copy, if there is one."""
    desktop = this_desktop()
    program = start_path(desktop.program_folder) if desktop is not None else None
    return program if program is not None and program.exists() else None


def follow_wishes(*, handles_links: bool, starts_with_computer: bool) -> None:
    """Let the desktop know what was chosen on the settings page; does nothing for a carrier."""
    desktop = this_desktop()
    if desktop is not None and is_installed_copy():
        desktop.register(
            start_path(desktop.program_folder),
            handles_links=handles_links,
            starts_with_computer=starts_with_computer,
        )


def tidy_up() -> None:
    """Remove old builds; called by the one window, so nothing runs from them."""
    desktop = this_desktop()
    if desktop is not None and is_installed_copy():
        # What is being installed just now tidies up at its own start.
        with suppress(FolderError), _alone_in(desktop.program_folder, 0):
            tidy(desktop.program_folder, Path(sys.executable))


@contextmanager
def _alone_in(home: Path, patience: float) -> Iterator[None]:
    """Nobody else installs or tidies up there meanwhile; waits for others as long as that."""
    home.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + patience
    while True:
        try:
            lock = lock_file(home / _LOCK)
        except FolderError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(_LOOK_SECONDS)
        else:
            break
    with lock:
        yield


def start(program: Path) -> None:
    """Start the installed copy on its own feet."""
    subprocess.Popen(
        [program, "--quiet"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        # Else it would take the carrier's unpacked files for its own.
        env=os.environ | {"PYINSTALLER_RESET_ENVIRONMENT": "1"},
        cwd=Path.home(),
    )


def uninstall(state: Path, *, is_forgetting: bool) -> str:
    """Leave nothing but what the person downloaded; settings only go when that is wished.

    Says what came of it.
    """
    desktop = this_desktop()
    if desktop is None:
        raise FolderError(_("Passalong is not installed."))
    folder = desktop.program_folder
    try:
        desktop.unregister()
        is_gone = remove(folder)
    except OSError as error:
        text = _("Passalong could not be removed from {folder}: {reason}.")
        raise FolderError(text.format(folder=folder, reason=reason_of(error))) from error
    remove_empty(folder, Path.home())
    if is_forgetting:
        forget_everything(state)
        remove_empty(state, Path.home())
    said = _("Passalong is uninstalled. What you downloaded is still there.")
    if is_gone:
        return said
    later = _("Something in {folder} is still in use; it goes when that has ended.")
    return f"{said} {later.format(folder=folder)}"
