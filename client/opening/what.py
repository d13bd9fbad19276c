"""WHAT of the command line: a torrent, a ticket or a magnet, wherever it came from.

Getting bytes from the internet is passed in as a function; what is done with the value is left to
the jobs.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from client.errors import OpeningError
from client.folders.places import full_path
from client.words import gettext as _
from client.words import reason_of
from installer.formats import link, magnet, metainfo, ticket
from installer.formats.magnet import Magnet
from installer.formats.metainfo import Metainfo
from installer.formats.ticket import Ticket

Fetch = Callable[[str, int], bytes]
"""Get what is at an address, unless it is larger than so many bytes."""

LARGEST_TORRENT = 10_000_000
LARGEST_TICKET = 65_536


@dataclass(frozen=True, slots=True)
class Torrent:
    """A torrent file that was read and found good; the site that gave it, if known."""

    content: bytes
    metainfo: Metainfo
    site_name: str = ""
    site_url: str = ""


What = Torrent | Magnet | Ticket


def open_what(text: str, fetch: Fetch) -> What:
    """Find out what the person means by this."""
    scheme = _scheme(text)
    match scheme:
        case "magnet":
            return magnet.read(text)
        case "passalong":
            return read_what(fetch(link.read(text).url, LARGEST_TORRENT))
        case "http" | "https":
            return read_what(fetch(text, LARGEST_TORRENT))
        case _:
            return read_what(read_small_file(_path(text), LARGEST_TORRENT))


def read_what(content: bytes) -> Torrent | Ticket:
    """Tell a ticket from a torrent by its bytes, since a browser may have renamed the file."""
    if not content.startswith(b"d"):
        raise OpeningError(_("This is neither a torrent nor an upload ticket."))
    if ticket.is_ticket(content):
        return ticket.read(content)
    return read_torrent(content)


def read_torrent(content: bytes, site_name: str = "", site_url: str = "") -> Torrent:
    """Check a torrent file; refused ones say themselves what is wrong with them."""
    return Torrent(content, metainfo.read(content), site_name, site_url)


def link_to(what: Torrent | Magnet) -> Magnet:
    """All of it that a magnet link can say."""
    if isinstance(what, Magnet):
        return what
    torrent = what.metainfo
    return Magnet(
        torrent.info_hash,
        torrent.info_hash_v2,
        torrent.name,
        tuple(url for tier in torrent.announce for url in tier),
        torrent.total_size,
        torrent.web_seeds,
    )


def open_torrent(path: Path) -> Torrent:
    """Read the torrent file that a person named."""
    return read_torrent(read_small_file(path, LARGEST_TORRENT))


def open_ticket(path: Path) -> Ticket:
    """Read the ticket file that a person named."""
    return ticket.read(read_small_file(path, LARGEST_TICKET))


def read_small_file(path: Path, limit: int) -> bytes:
    """Read a file that somebody named, and say in a sentence why that cannot be."""
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except FileNotFoundError as error:
        raise OpeningError(_("There is no file {path}.").format(path=path)) from error
    except IsADirectoryError as error:
        raise OpeningError(
            _("{path} is a folder, not a torrent or a ticket.").format(path=path)
        ) from error
    except (OSError, ValueError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else _("the name makes no sense")
        raise OpeningError(
            _("{path} cannot be read: {reason}.").format(path=path, reason=reason)
        ) from error
    if len(content) > limit:
        raise OpeningError(_("{path} is too large to be a torrent or a ticket.").format(path=path))
    return content


def _scheme(text: str) -> str:
    # One letter before the colon is a Windows drive, not a scheme.
    found = re.match(r"([A-Za-z][A-Za-z0-9+.-]+):", text)
    return found[1].lower() if found else ""


def _path(text: str) -> Path:
    return full_path(Path(text)) if text.startswith("~") else Path(text)
