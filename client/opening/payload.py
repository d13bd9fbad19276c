"""What this very program carries, when it is a bundle from a site's page."""

import sys
from pathlib import Path

from client.errors import OpeningError
from client.opening.what import Fetch, Torrent, read_torrent
from installer.bundle.reading import read_payload
from installer.formats.payload import Download, DownloadByHash, Payload, Publish
from installer.formats.ticket import Ticket


def own_payload() -> Payload | None:
    """Read the payload from our own executable; the program in the source tree has none."""
    if not getattr(sys, "frozen", False):
        return None
    return read_payload(Path(sys.executable))


def unpack(payload: Payload, fetch: Fetch) -> Torrent | Ticket:
    """Turn a payload into the thing that it stands for."""
    match payload:
        case Publish(ticket=ticket):
            return ticket
        case Download(site_name=name, site_url=url, torrent=content):
            return read_torrent(content, name, url)
        case DownloadByHash():
            return _fetch_by_hash(payload, fetch)


def _fetch_by_hash(payload: DownloadByHash, fetch: Fetch) -> Torrent:
    content = fetch(payload.torrent_url, payload.size)
    torrent = read_torrent(content, payload.site_name, payload.site_url)
    if torrent.metainfo.info_hash != payload.info_hash:
        raise OpeningError(
            f"{payload.site_name} sent another torrent than the one this program was made for."
        )
    return torrent
