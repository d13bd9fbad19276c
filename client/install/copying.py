"""The installed copy: one folder per build, and one path to start it that survives updates.

Killed at any moment, the old or the new copy works: a build is complete before its folder has its
name, and the start path is replaced at once.
"""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from client.errors import FolderError
from client.folders.keeping import write_whole
from client.words import gettext as _
from client.words import reason_of

PROGRAM = "Passalong.exe" if sys.platform == "win32" else "Passalong"
_INSIDE = "_internal"
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

        try:
            rest.unpack(Path(sys.executable), self.unpacked)
        except OSError as error:
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
        if not folder.is_dir():
            _copy(build, folder)
        return _point(home, folder)
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
    return noted == name.encode() and start_path(home).resolve().parent.name == name


def tidy(home: Path, running: Path) -> None:
    """Remove builds that nothing leads to, and what an interrupted copy left behind."""
    kept = {running.resolve().parent, start_path(home).resolve().parent}
    for folder in home.glob("*app-*"):
        if folder.resolve() not in kept:
            shutil.rmtree(folder, ignore_errors=True)


def start_path(home: Path) -> Path:
    """What menus and links start. Windows has no links for everybody, so there it is the newest."""
    if sys.platform != "win32":
        return home / PROGRAM
    try:
        return home / (home / "current").read_text(encoding="utf-8").strip() / PROGRAM
    except OSError:
        return home / PROGRAM


def _copy(build: Build, folder: Path) -> None:
    draft = folder.with_name(f".{folder.name}.{os.getpid()}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        shutil.copytree(build.unpacked, draft / _INSIDE, ignore=shutil.ignore_patterns(PROGRAM))
        shutil.copy(build.unpacked / PROGRAM, draft / PROGRAM)
        (draft / PROGRAM).chmod(0o755)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _point(home: Path, folder: Path) -> Path:
    draft = home / f".current.{os.getpid()}.draft"
    draft.unlink(missing_ok=True)
    if sys.platform == "win32":
        draft.write_text(folder.name, encoding="utf-8")
        draft.replace(home / "current")
    else:
        draft.symlink_to(Path(folder.name) / PROGRAM)
        draft.replace(home / PROGRAM)
    return start_path(home)
