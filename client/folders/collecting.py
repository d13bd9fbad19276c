"""What a person wants to publish: the files below a path, with what is left out counted.

Whether the names can be published is asked of `installer`; reading the files is left to the jobs.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from client.errors import FolderError
from client.folders.places import full_path
from client.words import gettext as _
from client.words import reason_of
from installer.formats.metainfo import File, canonical_order, check_files
from installer.formats.names import shown

_JUNK_NAMES = frozenset(
    {
        "desktop.ini",
        "ehthumbs.db",
        "thumbs.db",
        "$recycle.bin",
        "system volume information",
    }
)
_JUNK_ENDINGS = (".part", ".!qb")
_DUMP = b"\x7fELF"
_JUNCTION = 0xA0000003  # IO_REPARSE_TAG_MOUNT_POINT; OneDrive's files have tags of their own.


@dataclass(frozen=True, slots=True)
class Collection:
    """Files to publish, in the order of the torrent; `root` is the file or folder itself.

    `left_out` names what is not published, as paths below the root.
    """

    root: Path
    name: str
    is_folder: bool
    files: tuple[File, ...]
    left_out: tuple[str, ...]

    @property
    def total_size(self) -> int:
        """The size of all files."""
        return sum(file.length for file in self.files)

    def path_of(self, file: File) -> Path:
        """Where a file of this collection lies."""
        return self.root.joinpath(*file.path) if self.is_folder else self.root

    @property
    def paths(self) -> tuple[str, ...]:
        """The files below the folder that `root` lies in, as the engine wants them."""
        parts = (
            Path(self.name, *f.path) if self.is_folder else Path(self.name) for f in self.files
        )
        return tuple(str(path) for path in parts)


def collect(path: Path, *, is_hybrid: bool = False) -> Collection:
    """Find the files to publish, and refuse names that could not be downloaded everywhere."""
    root = _absolute(path)
    try:
        mode = root.stat().st_mode
    except OSError as error:
        raise FolderError(
            _("There is no file or folder {path}.").format(path=shown(str(path)))
        ) from error
    is_folder = stat.S_ISDIR(mode)
    if not is_folder and not stat.S_ISREG(mode):
        raise FolderError(_("{path} is neither a file nor a folder.").format(path=shown(str(path))))
    found = list(_walk(root, ())) if is_folder else [File((root.name,), root.stat().st_size)]
    kept = tuple(entry for entry in found if isinstance(entry, File))
    left_out = tuple(sorted(entry for entry in found if isinstance(entry, str)))
    if not kept:
        raise FolderError(
            _("The folder {path} has no files to publish.").format(path=shown(str(path)))
        )
    check_files(root.name, kept, is_hybrid=is_hybrid)
    return Collection(root, root.name, is_folder, canonical_order(kept), left_out)


def _walk(folder: Path, above: tuple[str, ...]) -> Iterator[File | str]:
    """Yield each file below the folder, and the path of each thing that is left out."""
    try:
        entries = list(os.scandir(folder))
    except OSError as error:
        raise FolderError(
            _("The folder {folder} cannot be read: {reason}.").format(
                folder=shown(str(folder)), reason=reason_of(error)
            )
        ) from error
    for entry in entries:
        # A link may lead out of what the person chose, or in circles.
        if _is_link(entry) or _is_junk(entry):
            yield "/".join((*above, entry.name))
        elif entry.is_dir():
            yield from _walk(Path(entry.path), (*above, entry.name))
        elif entry.is_file():
            yield File((*above, entry.name), entry.stat().st_size)
        else:
            yield "/".join((*above, entry.name))


def _is_link(entry: os.DirEntry[str]) -> bool:
    """Whether it leads elsewhere: Windows has junctions, which Python 3.11 calls folders."""
    if entry.is_symlink():
        return True
    try:
        tag: int = getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0)
    except OSError:
        return False
    return tag == _JUNCTION


def _is_junk(entry: os.DirEntry[str]) -> bool:
    lower = entry.name.lower()
    if lower.startswith(".") or lower in _JUNK_NAMES or lower.endswith(_JUNK_ENDINGS):
        return True
    if entry.name == "CVS":
        return entry.is_dir() and Path(entry.path, "Root").is_file()
    return entry.name == "core" and entry.is_file() and _is_dump(Path(entry.path))


def _is_dump(path: Path) -> bool:
    """Whether a crash left this, and nobody else called it so."""
    try:
        with path.open("rb") as file:
            return file.read(len(_DUMP)) == _DUMP
    except OSError:
        return False


def _absolute(path: Path) -> Path:
    # "." and "folder/.." have no name of their own.
    return full_path(path).resolve() if path.name in {"", ".."} else full_path(path)
