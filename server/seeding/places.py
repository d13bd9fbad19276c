"""Where the site's own copies are on the disk.

A file is called by its number in the torrent, padding left out, so no name that a publisher chose
ever becomes a path on the site's computer.
"""

import re
from pathlib import Path

from django.conf import settings

_INFO_HASH = re.compile(r"[0-9a-f]{40}")


def is_copy(folder: Path) -> bool:
    """Whether this is one of ours: nothing else is ever deleted."""
    return _INFO_HASH.fullmatch(folder.name) is not None


def folder_of(info_hash: str) -> Path:
    """Everything that belongs to one copy."""
    return settings.COPIES_DIR / info_hash


def files_of(info_hash: str) -> Path:
    """The folder of its files."""
    return folder_of(info_hash) / "files"


def file_of(info_hash: str, number: int) -> Path:
    """One file of a copy, by its place in `Metainfo.files`, counted from 0."""
    return files_of(info_hash) / str(number)


def resume_of(info_hash: str) -> Path:
    """What libtorrent wants to know when it goes on."""
    return folder_of(info_hash) / "resume"
