"""Which file of a release a player plays, so that podcast apps can be offered it.

One file at most: a release is one episode. It must be more than half of all the bytes, so a film is
found beside its subtitles, while of an album or a season no part is taken for the whole.
"""

from pathlib import PurePosixPath
from typing import NamedTuple

from installer.formats.metainfo import Metainfo

from .models import Release, SiteCopy
from .querying import ReleaseQuerySet

# What Android or Apple play themselves, under the names that Apple's podcast directory and
# AntennaPod expect; RFC 7845 says that Opus in a file is audio/ogg.
MIME_TYPES = {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/x-m4a",
    ".m4b": "audio/x-m4a",
    ".aac": "audio/aac",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".opus": "audio/ogg",
    ".flac": "audio/flac",
    ".wav": "audio/wav",
    ".mp4": "video/mp4",
    ".m4v": "video/x-m4v",
    ".mov": "video/quicktime",
    ".webm": "video/webm",
    ".ogv": "video/ogg",
    ".mkv": "video/x-matroska",
}


class Playable(NamedTuple):
    """A file that players know. Its path begins with the torrent's name, as web seeds have it."""

    path: str
    size_bytes: int
    mime_type: str


def playable_file(torrent: Metainfo) -> Playable | None:
    """The file of a torrent that a player plays, if there is one."""
    for file in torrent.files:
        extension = PurePosixPath(file.path[-1]).suffix.lower()
        if extension in MIME_TYPES and file.length * 2 > torrent.total_size:
            folder = (torrent.name,) if torrent.is_folder else ()
            return Playable("/".join(folder + file.path), file.length, MIME_TYPES[extension])
    return None


def playable_releases() -> ReleaseQuerySet:
    """Those that everybody may play from the site's own copy."""
    return Release.objects.visible().filter(site_copy=SiteCopy.HERE, playable__isnull=False)
