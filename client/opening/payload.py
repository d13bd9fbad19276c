"""What this very program carries, when it is a bundle from a site's page."""

import sys
from pathlib import Path

from client.errors import ClientError, OpeningError
from client.opening.trusting import Tell, trust
from client.opening.what import Fetch, Torrent, read_torrent
from installer.bundle.reading import read_payload
from installer.formats.payload import Download, DownloadByHash, Payload, Publish
from installer.formats.ticket import Ticket


def own_payload(state: Path, tell: Tell) -> Payload | None:
    """Read the payload from our own executable; the program in the source tree has none.

    Refuses what is not signed by the site as we know it; `tell` is given a sentence when we meet
    a site for the first time.
    """
    if not getattr(sys, "frozen", False):
        return None
    payload = read_payload(Path(sys.executable))
    if payload is None:
        return None
    trust(payload, state, tell)
    return payload.content


def unpack(payload: Payload, fetch: Fetch) -> Torrent | Ticket:
    """Turn a payload into the thing that it stands for."""
    match payload:
        case Publish(ticket=ticket):
            return ticket
        case Download(site_name=site_name, torrent=content):
            return read_torrent(content, site_name)
        case DownloadByHash():
            return _fetch_by_hash(payload, fetch)


def _fetch_by_hash(payload: DownloadByHash, fetch: Fetch) -> Torrent:
    torrent = read_torrent(_fetch_torrent(payload, fetch), payload.site_name)
    if torrent.metainfo.info_hash != payload.info_hash:
        raise OpeningError(
            f"{payload.site_name} sent another torrent than the one this program was made for."
        )
    return torrent


def _fetch_torrent(payload: DownloadByHash, fetch: Fetch) -> bytes:
    try:
        return fetch(payload.torrent_url, payload.size)
    except ClientError as error:
        raise OpeningError(
            f"This download is a large one: its list of files has to come from "
            f"{payload.site_name}, and that did not work. {error} Nothing was lost: start this "
            "program again later, or get it anew from the site."
        ) from error
