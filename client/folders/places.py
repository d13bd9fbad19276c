"""The two folders that every person has: their downloads, and the client's own state.

What goes into them is left to `targets` and `keeping`.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from client.errors import FolderError
from client.words import gettext as _


def downloads_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where this person's browser saves files, as far as that can be known."""
    if sys.platform not in {"win32", "darwin"}:
        named = _xdg_downloads(environment)
        if named is not None:
            return named
    return Path.home() / "Downloads"


def state_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the client remembers unfinished downloads. `PASSALONG_HOME` overrides it."""
    override = environment.get("PASSALONG_HOME")
    if override:
        return Path(override).expanduser().absolute()
    if sys.platform == "win32":
        return _base(environment, "LOCALAPPDATA", Path.home() / "AppData/Local") / "Passalong"
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/Passalong"
    # State, not data: `~/.local/share/passalong` belongs to the installed program.
    return _base(environment, "XDG_STATE_HOME", Path.home() / ".local/state") / "passalong"


def full_path(path: Path) -> Path:
    """The path from the root on, with a leading ~ replaced as a shell would."""
    try:
        return path.expanduser().absolute()
    except RuntimeError as error:
        raise FolderError(
            _("{path} cannot be found: nobody called {parts} uses this computer.").format(
                path=path, parts=path.parts[0][1:]
            )
        ) from error


def _base(environment: Mapping[str, str], name: str, default: Path) -> Path:
    # The XDG specification: a relative path in these variables must be ignored.
    value = Path(environment.get(name, ""))
    return value if value.is_absolute() else default


def _xdg_downloads(environment: Mapping[str, str]) -> Path | None:
    """The translated name ("Téléchargements") is written in user-dirs.dirs."""
    file = _base(environment, "XDG_CONFIG_HOME", Path.home() / ".config") / "user-dirs.dirs"
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    for line in lines:
        key, _, value = line.strip().partition("=")
        if key == "XDG_DOWNLOAD_DIR":
            folder = Path(value.strip('"').replace("$HOME", str(Path.home())))
            return folder if folder.is_absolute() and folder != Path.home() else None
    return None


def is_there(path: Path) -> bool:
    """Whether something is there, as far as this person may know."""
    try:
        return path.exists()
    except OSError:
        return False
