"""Whether a download fits, asked before it starts."""

import errno
import shutil
import tempfile
from pathlib import Path

from client.errors import FolderError
from client.folders.places import is_there
from client.folders.targets import Target
from client.words import gettext as _

# What the system and other programs need to go on working on the same disk.
_LEFT_FREE = 50_000_000
# FAT, which is on many USB sticks, goes no further.
_LARGEST_EVERYWHERE = 2**32 - 1


def check_space(target: Target, total_size: int) -> None:
    """Refuse a download that cannot fit; what is already there of it counts as saved."""
    missing = total_size - sum(_stored(target.folder / name) for name in target.files)
    free = free_space(target.folder)
    if free is not None and missing > 0 and missing + _LEFT_FREE > free:
        needed = missing + _LEFT_FREE - free
        raise FolderError(
            _(
                "The disk of {folder} is too full: {megabytes} more is needed. "
                "Make room or choose another folder."
            ).format(folder=target.folder, megabytes=_megabytes(needed))
        )


def free_space(folder: Path) -> int | None:
    """The free bytes where this folder is or would be; None when its drive is not there."""
    existing = next((path for path in (folder, *folder.parents) if is_there(path)), folder)
    try:
        return shutil.disk_usage(existing).free
    except OSError:
        return None


def check_largest(folder: Path, length: int) -> None:
    """Refuse a file that this file system cannot hold, such as 4 GB on a USB stick."""
    if length <= _LARGEST_EVERYWHERE:
        return
    try:
        with tempfile.TemporaryFile(dir=folder) as trial:
            # Costs nothing: no file system that can hold it writes anything for this.
            trial.truncate(length)
    except OSError as error:
        if error.errno not in {errno.EFBIG, errno.EINVAL}:
            return
        raise FolderError(
            _(
                "A file of this download has {megabytes}, and the disk of {folder} "
                "cannot hold files of that size. Choose a folder on another disk."
            ).format(megabytes=_megabytes(length), folder=folder)
        ) from error


def _stored(path: Path) -> int:
    try:
        status = path.lstat()
    except OSError:
        return 0
    # Sparse files: a length says nothing about what is stored. Windows has no block count.
    blocks: int | None = getattr(status, "st_blocks", None)
    return status.st_size if blocks is None else min(status.st_size, blocks * 512)


def _megabytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1_000_000_000 else f"{max(size / 1e6, 1):.0f} MB"
