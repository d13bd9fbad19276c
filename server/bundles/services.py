"""Which payload goes behind which program. How the bytes travel is left to `responses`."""

import logging
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256

from django.conf import settings

from installer.bundle.joining import Bundle, join
from installer.bundle.template import EXTENSIONS, Template
from installer.errors import PassalongError, PayloadError
from installer.formats.payload import (
    INLINE_TORRENT_LIMIT,
    Download,
    DownloadByHash,
    Payload,
    Publish,
)
from installer.formats.signature import SiteKey
from installer.formats.ticket import Ticket
from server.catalog.models import Release
from server.catalog.programs import program_for
from server.catalog.services import torrent_bytes
from server.site.key import site_key
from server.site.models import Site

log = logging.getLogger(__name__)

Join = Callable[[Template, Payload, SiteKey], Bundle]

# A download comes in many requests, and a popular one for many visitors; a bundle in here holds its
# header and its table, not the program. Tickets are given out once and stay out of it.
_join_once: Join = lru_cache(maxsize=32)(join)


def download_bundle(release: Release, platform: str) -> Bundle | None:
    """The program that downloads this release, or None when it cannot be made.

    Its bytes depend on program, torrent and site only, never on who asks.
    """
    site = Site.objects.current()
    return _bundle(platform, _download_payload(release, site), _join_once)


def upload_bundle(ticket: Ticket, platform: str) -> Bundle | None:
    """The program that publishes with this ticket, or None when it cannot be made."""
    return _bundle(platform, Publish(ticket), join)


@lru_cache(maxsize=256)
def checksum(bundle: Bundle) -> str:
    """The SHA-256 of the whole file; reads all of the program, the first time."""
    digest = sha256()
    for chunk in bundle.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _download_payload(release: Release, site: Site) -> Payload:
    torrent = torrent_bytes(release, site)
    if len(torrent) <= INLINE_TORRENT_LIMIT:
        return Download(site.name, site.address, torrent)
    return DownloadByHash(
        site_name=site.name,
        site_url=site.address,
        info_hash=bytes.fromhex(release.info_hash),
        torrent_url=site.url(release.torrent_path),
        size=len(torrent),
    )


def _bundle(platform: str, payload: Payload, make: Join) -> Bundle | None:
    program = program_for(platform)
    if program is None:
        return None
    try:
        return make(program, payload, site_key())
    except PayloadError as error:
        # Ours to mend, not the visitor's to suffer from: an error in the log, and the page.
        log.exception("The payload of a bundle for %s is at fault: %s", platform, error)
        return None
    except (PassalongError, OSError) as error:
        log.warning("No bundle for %s in %s: %s", platform, settings.TEMPLATES_DIR, error)
        return None


def file_name(stem: str, platform: str) -> str:
    """What the browser saves the program as; `stem` is ASCII without spaces."""
    return stem + EXTENSIONS[platform]
