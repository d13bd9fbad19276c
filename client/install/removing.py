"""Removing the folder of a program that may be running this very moment.

Windows lets nobody delete a program in use, but everybody rename it. What is in use moves to the
folder for temporary files, and a command that shows no window deletes it there afterwards.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

# About an hour of attempts, for the last window may stay open: `ping` is the only way to wait that
# every Windows has.
_DELETE = (
    'for /l %i in (1,1,3600) do @if exist "{folder}" '
    '(rmdir /s /q "{folder}" 2>nul & ping -n 2 127.0.0.1 >nul)'
)


def remove(folder: Path) -> bool:
    """Take the folder away; false when a part goes only as soon as nobody uses it any more."""
    shutil.rmtree(folder, ignore_errors=True)
    if sys.platform == "win32" and folder.exists():
        moved = _moved_away(folder)
        shutil.rmtree(folder, ignore_errors=True)
        _remove_later(moved)
        # Nothing can be moved to another drive, where some have their temporary files.
        if folder.exists():
            _remove_later(folder)
            return False
    elif folder.exists():
        shutil.rmtree(folder)  # Once more, to hear why.
    return True


def _moved_away(folder: Path) -> Path:
    target = Path(tempfile.mkdtemp(prefix="Passalong-"))
    for number, path in enumerate(path for path in folder.rglob("*") if path.is_file()):
        with suppress(OSError):
            path.rename(target / str(number))
    return target


if sys.platform == "win32":

    def _remove_later(folder: Path) -> None:
        command = f'"{os.environ["COMSPEC"]}" /d /s /c "{_DELETE.format(folder=folder)}"'
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            creationflags=subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP,
            cwd=tempfile.gettempdir(),
        )
