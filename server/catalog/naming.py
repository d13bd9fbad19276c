"""Names made from titles: for addresses, and for the files that visitors save."""

import re
import unicodedata

from django.utils.text import slugify

from installer.errors import NameRefused
from installer.formats.names import check_name

LONGEST_STEM = 80

# An extension such as .mkv or .tar.gz; a version number like the ".5" of "Tails 6.5" is none.
_EXTENSION = re.compile(r"(\.tar)?\.(?=[0-9]*[a-z])[a-z0-9]{1,5}$", re.IGNORECASE)


def slug_for(title: str, info_hash: str) -> str:
    """The last part of a release's addresses; never empty, never the name of a Windows device."""
    slug = slugify(title)[:LONGEST_STEM].strip("-_")
    try:
        check_name(f"{slug}.torrent".encode())
    except NameRefused:
        slug = ""
    return slug or f"release-{info_hash[:8]}"


def file_stem(title: str) -> str:
    """The title in ASCII with dashes for everything else; empty if nothing is left of it."""
    ascii_title = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", ascii_title)[:LONGEST_STEM].strip("-")


def title_from(torrent_name: str, is_folder: bool) -> str:
    """What to call a release whose publisher gave no title."""
    name = torrent_name if is_folder else _EXTENSION.sub("", torrent_name)
    return name.replace("_", " ").strip() or torrent_name
