"""What this very program carries, when it is a bundle from a site's page."""

from pathlib import Path

from client.errors import ClientError, OpeningError
from client.opening.trusting import Tell, trust
from client.opening.what import Fetch, Torrent, read_torrent
from client.words import gettext as _
from installer.formats.payload import Download, DownloadByHash, Payload, Publish
from installer.formats.payload import read as read_signed
from installer.formats.ticket import Ticket


def open_record(record: bytes, state: Path, tell: Tell) -> Payload:
    """Read a record, and refuse what is not signed by the site as we know it.

    `tell` is given a sentence when we meet a site for the first time.
    """
    payload = read_signed(record)
    trust(payload, state, tell)
    return payload.content


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
    content = _fetch_torrent(payload, fetch)
    torrent = read_torrent(content, payload.site_name, payload.site_url)
    if torrent.metainfo.info_hash != payload.info_hash:
        raise OpeningError(
            _("{site_name} sent another torrent than the one this program was made for.").format(
                site_name=payload.site_name
            )
        )
    return torrent


def _fetch_torrent(payload: DownloadByHash, fetch: Fetch) -> bytes:
    try:
        return fetch(payload.torrent_url, payload.size)
    except ClientError as error:
        raise OpeningError(
            _(
                "This download is a large one: its list of files has to come from "
                "{site_name}, and that did not work. {error} Nothing was lost: "
                "start this program again later, or get it anew from the site."
            ).format(site_name=payload.site_name, error=error)
        ) from error
