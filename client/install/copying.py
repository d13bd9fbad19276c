"""The installed copy: one folder per build, and one path to start it that survives updates.

Killed at any moment, the old or the new copy works: a build is complete before its folder has its
name, and the start path is replaced at once.

On Linux the start path is a symbolic link. Windows has no links for everybody, so there it is a
small program that starts the copy which the file `current` names, and stays as it is. It also takes
the place of each copy that is removed, since Windows lets people pin the very program that runs.
"""

import os
import shutil
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from client.errors import FolderError
from client.folders.keeping import forget_drafts, write_whole
from client.folders.places import is_there
from client.words import gettext as _
from client.words import reason_of

PROGRAM = "Passalong.exe" if sys.platform == "win32" else "Passalong"
_INSIDE = "_internal"
_STARTER = "starter.exe"
_CURRENT = "current"
_FINISHED = "finished"
_DIGEST = "build"


@dataclass(frozen=True, slots=True)
class Build:
    """The program of one folder, still unpacked where the carrier put it for its own run."""

    unpacked: Path
    version: str

    @property
    def name(self) -> str:
        """Two builds of one version differ in some file, and so in what freezing noted of all."""
        return f"app-{self.version}-{(self.unpacked / _DIGEST).read_text(encoding='ascii')[:12]}"

    def unpack(self) -> None:
        """Complete it: at first there is only what handing over needs."""
        from installer.bundle import rest  # Most starts do without it.

        program = Path(sys.executable)
        try:
            rest.unpack(program, self.unpacked)
        except OSError as error:
            if not is_there(program):
                text = _("{program} was moved or deleted while it started. Start it again.")
                raise FolderError(text.format(program=program)) from error
            text = _("Passalong cannot be unpacked in {folder}, where it needs 70 MB: {reason}.")
            raise FolderError(
                text.format(folder=self.unpacked.parent, reason=reason_of(error))
            ) from error
        # Python remembers the folder as it was.
        sys.path_importer_cache.clear()


def carried_build(version: str) -> Build | None:
    """What this very program can install; None unless it is a carrier."""
    unpacked = getattr(sys, "_MEIPASS", None)
    if unpacked is None or not (Path(unpacked) / PROGRAM).is_file():
        return None
    return Build(Path(unpacked), version)


def put(build: Build, home: Path) -> Path:
    """Copy the build below `home`, unless it is there, and let the start path lead to it."""
    folder = home / build.name
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not _is_whole(folder):
            _copy(build, folder)
        _point(home, folder)
        return start_path(home)
    except OSError as error:
        raise FolderError(
            _("Passalong cannot be installed in {home}: {reason}.").format(
                home=home, reason=reason_of(error)
            )
        ) from error


def note_finished(build: Build, home: Path) -> None:
    """Remember that the desktop knows this build too; the last deed of an installation."""
    write_whole(home / _FINISHED, build.name.encode())


def is_finished(build: Build, home: Path) -> bool:
    """Whether the start path leads to this build and nothing was left to do after that."""
    name = build.name
    try:
        noted = (home / _FINISHED).read_bytes()
    except OSError:
        return False
    current = current_folder(home)
    is_good = start_path(home).exists() and _is_whole(current)
    return is_good and noted == name.encode() and current.name == name


def tidy(home: Path, running: Path) -> None:
    """Remove builds that nothing leads to, and what an interrupted copy left behind."""
    kept = {running.resolve().parent, current_folder(home)}
    for folder in home.glob("*app-*"):
        if folder.resolve() in kept:
            continue
        if sys.platform == "win32" and not folder.name.startswith("."):
            with suppress(OSError, FolderError):
                _retire(folder, home)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    for draft in home.glob(".current.*.draft"):
        draft.unlink(missing_ok=True)
    forget_drafts(home)


def start_path(home: Path) -> Path:
    """What menus and links start, and people pin; it stays the same."""
    return home / PROGRAM


def current_folder(home: Path) -> Path:
    """The folder of the build to which the start path leads; the home itself if to none."""
    if sys.platform != "win32":
        return start_path(home).resolve().parent
    try:
        return (home / (home / _CURRENT).read_text(encoding="utf-8").strip()).resolve()
    except OSError:
        return home.resolve()


def _is_whole(folder: Path) -> bool:
    """Whether neither a person nor a virus scanner took something essential away."""
    return (folder / _INSIDE).is_dir() and (folder / PROGRAM).is_file()


def _copy(build: Build, folder: Path) -> None:
    draft = _draft(folder)
    shutil.rmtree(draft, ignore_errors=True)
    try:
        shutil.copytree(build.unpacked, draft / _INSIDE, ignore=shutil.ignore_patterns(PROGRAM))
        shutil.copy(build.unpacked / PROGRAM, draft / PROGRAM)
        (draft / PROGRAM).chmod(0o755)
        if folder.is_dir():
            shutil.rmtree(folder)  # It was retired, or something of it is gone.
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _retire(folder: Path, home: Path) -> None:
    """Leave just the starter there; one that finds itself retired half is retired again."""
    draft = _draft(folder)
    if (folder / _INSIDE).is_dir():
        (folder / _INSIDE).rename(draft)
    _put_starter(start_path(home), folder)
    shutil.rmtree(draft, ignore_errors=True)


def _put_starter(starter: Path, folder: Path) -> None:
    content = starter.read_bytes()
    path = folder / PROGRAM
    if not path.is_file() or path.read_bytes() != content:
        write_whole(path, content)


def _draft(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.{os.getpid()}.draft")


def _point(home: Path, folder: Path) -> None:
    if sys.platform == "win32":
        try:
            _put_starter(folder / _INSIDE / _STARTER, home)
        except FolderError:
            # It is in use, so it cannot be replaced; that one does the same.
            if not start_path(home).is_file():
                raise
        write_whole(home / _CURRENT, folder.name.encode())
        return
    draft = home / f".current.{os.getpid()}.draft"
    draft.unlink(missing_ok=True)
    draft.symlink_to(Path(folder.name) / PROGRAM)
    draft.replace(start_path(home))
