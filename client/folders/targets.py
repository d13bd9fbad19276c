"""The paths on this computer that a torrent's files get: made here and nowhere else.

The names were checked when the torrent was read (`installer.formats.names`). Here they meet a real
folder: the result must stay below it, fit into a path, and hit nothing that is already there.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from client.errors import FolderError
from client.words import gettext as _
from client.words import reason_of
from installer.formats.metainfo import Metainfo
from installer.formats.names import MAX_NAME_BYTES, check_name, shown

# Windows programs other than ours stop at 260 characters, Explorer among them; elsewhere the
# kernel's PATH_MAX of 4096 bytes includes the final zero.
_LONGEST_PATH = 240 if sys.platform == "win32" else 4095


@dataclass(frozen=True, slots=True)
class Target:
    """Where a torrent is saved: `files` stand below `folder`, in the order of the torrent."""

    folder: Path
    name: str
    files: tuple[str, ...]

    @property
    def path(self) -> Path:
        """The file, or the folder of files, that the person will look for."""
        return self.folder / self.name


def place(metainfo: Metainfo, folder: Path, name: str | None = None) -> Target:
    """Say where each file goes when the torrent is saved in the folder under that name."""
    root = folder.absolute()
    check_text(root)
    chosen = metainfo.name if name is None else name
    check_name(os.fsencode(chosen))
    files = tuple(_relative(metainfo, chosen, file.path) for file in metainfo.files)
    for relative in files:
        _check_path(root, root / relative)
    return Target(root, chosen, files)


def reserve_beside(metainfo: Metainfo, folder: Path) -> Target:
    """Take the torrent's own name, or "name (2)" when something of that name is already there."""
    for name in _alternatives(metainfo.name, metainfo.is_folder):
        target = place(metainfo, folder, name)
        if _reserve(target.path, metainfo.is_folder):
            return target
    raise FolderError(
        _("{folder} already has too many copies of {name}.").format(
            folder=folder, name=metainfo.name
        )
    )


def reserve_at(metainfo: Metainfo, path: Path) -> Target:
    """Take the place that a person named in full."""
    target = place(metainfo, path.absolute().parent, path.name)
    if not _reserve(target.path, metainfo.is_folder):
        raise FolderError(
            _(
                "There is already something at {path}. Choose another name, or "
                "share what is there with: Passalong seed TORRENT PATH"
            ).format(path=target.path)
        )
    return target


def prepare_folder(folder: Path) -> None:
    """Make the folder, and find out now rather than after an hour if it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FolderError(
            _("The folder {folder} cannot be made: {reason}.").format(
                folder=folder, reason=reason_of(error)
            )
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise FolderError(
            _("You are not allowed to save in {folder}. Choose another folder.").format(
                folder=folder
            )
        )


def check_text(folder: Path) -> None:
    """Refuse a path that is no text: the engine takes nothing else."""
    try:
        str(folder).encode()
    except UnicodeEncodeError as error:
        raise FolderError(
            _(
                "The name of the folder {folder} is not valid UTF-8. Choose "
                "another folder, or rename it."
            ).format(folder=shown(str(folder)))
        ) from error


def delete_saved(target: Target, info_hash: bytes) -> None:
    """Delete the files of a torrent, and the folders that are empty then; nothing else."""
    for path in stored_paths(target, info_hash):
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise FolderError(
                _("{path} cannot be deleted: {reason}.").format(path=path, reason=reason_of(error))
            ) from error
    below = {parent for name in target.files for parent in Path(name).parents} - {Path()}
    for folder in sorted(below, key=lambda path: -len(path.parts)):
        with suppress(OSError):  # Something else is in it, or it never was.
            (target.folder / folder).rmdir()


def has_content(target: Target, info_hash: bytes) -> bool:
    """Whether anything was written, beyond the names that were taken for it."""
    return any(_size(path) for path in stored_paths(target, info_hash))


def stored_paths(target: Target, info_hash: bytes) -> list[Path]:
    """All that may be on the disk of it, the engine's own file last."""
    # Pieces that reach into a file which is not wanted lie beside the files, in the engine's own.
    return [target.folder / name for name in (*target.files, f".{info_hash.hex()}.parts")]


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def _relative(metainfo: Metainfo, name: str, path: tuple[str, ...]) -> str:
    parts = (name, *path) if metainfo.is_folder else (name,)
    return str(Path(*parts))


def _check_path(root: Path, path: Path) -> None:
    # Names were refused at the door when they hold ".." or a separator; this is the second lock.
    if not Path(os.path.normpath(path)).is_relative_to(root) or path == root:
        raise FolderError(
            _("A name in this torrent leads out of {root}; it was refused.").format(root=root)
        )
    if len(str(path) if sys.platform == "win32" else os.fsencode(path)) > _LONGEST_PATH:
        raise FolderError(
            _(
                "The path {path} is too long for this computer. Choose a folder "
                "with a shorter path."
            ).format(path=path)
        )


def _reserve(path: Path, is_folder: bool) -> bool:
    """Make the file or folder at once, so that no other download takes the same name."""
    try:
        if is_folder:
            path.mkdir()
        else:
            path.open("xb").close()
    except FileExistsError:
        return False
    except OSError as error:
        raise FolderError(
            _("{path} cannot be made: {reason}.").format(path=path, reason=reason_of(error))
        ) from error
    return True


def shortened(stem: str, end: str) -> str:
    """A name with this end that is not longer than a name may be."""
    while len(os.fsencode(stem + end)) > MAX_NAME_BYTES:
        stem = stem[:-1]
    return stem + end


def _alternatives(name: str, is_folder: bool) -> Iterator[str]:
    yield name
    suffix = "" if is_folder else Path(name).suffix
    stem = name.removesuffix(suffix)
    for number in range(2, 1000):
        yield shortened(stem, f" ({number}){suffix}")
