"""Which file of a copy an address means: web seeds are asked by name, the disk knows numbers.

BEP 19: behind the address in the torrent stands the torrent's name, and behind that, if it is a
folder, the path inside.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from installer.formats.metainfo import Metainfo, paddings
from server.catalog.services import content_of

# Parts are asked for by the thousand, and torrents may have megabytes. One of 20,000 files, the
# most that there are, takes 6 MB in here.
LAYOUTS_KEPT = 32


class Place(NamedTuple):
    """Where a file is in its copy, and how long it has to be."""

    number: int
    size: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The files of one torrent by what they are asked for."""

    places: Mapping[str, Place]
    paddings: Mapping[str, int]
    """The zeros between files, which programs ask for that do not know BEP 47."""


@lru_cache(maxsize=LAYOUTS_KEPT)
def layout_of(info_hash: str) -> Layout:
    """The layout of a release. It is the same for ever, as the info-hash is."""
    torrent = content_of(info_hash)
    if not torrent.is_folder:
        return Layout({torrent.name: Place(0, torrent.total_size)}, {})
    return Layout(_places(torrent), _paddings(torrent))


def _places(torrent: Metainfo) -> dict[str, Place]:
    places = {
        "/".join((torrent.name, *file.path)): Place(number, file.length)
        for number, file in enumerate(torrent.files)
    }
    if len(torrent.files) == 1:
        # Pages cannot tell a file from a folder that has its name and only this file.
        places.setdefault(torrent.name, places["/".join((torrent.name, *torrent.files[0].path))])
    return places


def _paddings(torrent: Metainfo) -> dict[str, int]:
    lengths = {length for length in paddings(torrent.files, torrent.piece_length) if length}
    return {f"{torrent.name}/.pad/{length}": length for length in lengths}
