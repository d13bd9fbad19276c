"""One of each value, for tests: Alice's site, her key, her ticket and her payloads."""

from pathlib import Path

from installer.bundle.reading import read_payload
from installer.formats.payload import Download, DownloadByHash, Payload, Publish
from installer.formats.signature import SiteKey
from installer.formats.ticket import Ticket

SITE_NAME = "Alice's films"
SITE_URL = "https://alice.example"
# Of course the secret key of a real site stands nowhere.
KEY = SiteKey(bytes(range(32)))
OTHER_KEY = SiteKey(bytes(32))

TICKET = Ticket(
    token=bytes(range(32)),
    site_name=SITE_NAME,
    site_url=SITE_URL,
    upload_url=f"{SITE_URL}/api/v1/torrents",
    announce=(f"{SITE_URL}/announce", "udp://alice.example:6969/announce"),
    expires_at=1_800_000_000,
    size_limit=10**12,
    user_name="alice",
)

PUBLISH = Publish(TICKET)
DOWNLOAD = Download(SITE_NAME, SITE_URL, b"d4:infod6:lengthi1eee")
BY_HASH = DownloadByHash(
    SITE_NAME, SITE_URL, bytes(range(20)), f"{SITE_URL}/torrents/1/night.torrent", 123_456
)


def carried(program: Path) -> Payload | None:
    """What a program carries, whoever signed it."""
    found = read_payload(program)
    return found and found.content
