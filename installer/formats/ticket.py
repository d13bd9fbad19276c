"""The upload ticket: what a publisher's client needs to publish once, and nothing else.

Issuing, storing and checking the token is left to the site.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field

from installer.errors import BencodeError, Text, TicketError
from installer.formats import addresses
from installer.formats.bencoding import Value, encode, read_dictionary
from installer.formats.fields import Fields

MIME_TYPE = "application/x-passalong"
EXTENSION = ".passalong"
MAX_BYTES = 4_096
TOKEN_BYTES = 32

_MAGIC = "passalong ticket"
_VERSION = 1
_TOKEN_TEXT = re.compile(r"[A-Za-z0-9_-]{43}")
_MAX_TRACKERS = 8
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Ticket:
    token: bytes = field(repr=False)
    site_name: str
    site_url: str
    upload_url: str
    announce: tuple[str, ...]
    expires_at: int
    size_limit: int
    user_name: str

    @property
    def token_text(self) -> str:
        """What stands after "Bearer " in the Authorization header."""
        return urlsafe_b64encode(self.token).decode().rstrip("=")


def write(ticket: Ticket) -> bytes:
    announce: list[Value] = [url.encode() for url in ticket.announce]
    data = encode(
        {
            b"announce": announce,
            b"expires at": ticket.expires_at,
            b"format": _MAGIC.encode(),
            b"site name": ticket.site_name.encode(),
            b"site url": ticket.site_url.encode(),
            b"size limit": ticket.size_limit,
            b"token": ticket.token,
            b"upload url": ticket.upload_url.encode(),
            b"user name": ticket.user_name.encode(),
            b"version": _VERSION,
        }
    )
    read(data)  # A ticket that nobody could use must not leave the site.
    return data


def read(data: bytes) -> Ticket:
    if len(data) > MAX_BYTES:
        raise TicketError(Text("This is not an upload ticket: it is too large."))
    try:
        values, _ = read_dictionary(data)
    except BencodeError as error:
        text = Text(
            "This is not an upload ticket, or it is damaged. Please get a new one from the site."
        )
        raise TicketError(text) from error
    fields = Fields(values, TicketError, Text("Upload ticket"))
    _check_format(fields)
    site_url = _address(fields, "site url")
    return Ticket(
        token=fields.string("token", size=TOKEN_BYTES),
        site_name=fields.text("site name", longest=_LONGEST_NAME),
        site_url=site_url,
        upload_url=_upload_url(fields, site_url),
        announce=_announce(fields),
        expires_at=fields.integer("expires at"),
        size_limit=fields.integer("size limit"),
        user_name=fields.text("user name", longest=_LONGEST_NAME),
    )


def is_ticket(data: bytes) -> bool:
    """Whether this says that it is a ticket, good or not; a torrent may hold the same words."""
    if len(data) > MAX_BYTES:
        return False
    try:
        values, _ = read_dictionary(data)
    except BencodeError:
        return False
    return values.get(b"format") == _MAGIC.encode()


def read_token(text: str) -> bytes:
    """The token of an Authorization header's "Bearer" text; it has exactly one spelling."""
    if not _TOKEN_TEXT.fullmatch(text):
        raise TicketError(Text("This is not the token of an upload ticket."), field="token")
    token = urlsafe_b64decode(f"{text}=")
    if urlsafe_b64encode(token).decode().rstrip("=") != text:
        raise TicketError(Text("This is not the token of an upload ticket."), field="token")
    return token


def _check_format(fields: Fields) -> None:
    if fields.get("format") != _MAGIC.encode():
        raise TicketError(Text("This is not an upload ticket."), field="format")
    if fields.integer("version") != _VERSION:
        text = Text("This upload ticket needs a newer version of Passalong.")
        raise TicketError(text, field="version")
    fields.only(
        "announce",
        "expires at",
        "format",
        "site name",
        "site url",
        "size limit",
        "token",
        "upload url",
        "user name",
        "version",
    )


def _address(fields: Fields, key: str) -> str:
    address = fields.text(key, longest=addresses.LONGEST)
    if not addresses.is_address(address):
        raise fields.refusal(key, Text("is not a web address"))
    return address


def _upload_url(fields: Fields, site_url: str) -> str:
    upload_url = _address(fields, "upload url")
    if addresses.origin(upload_url) != addresses.origin(site_url):
        raise fields.refusal(
            "upload url", Text("is not an address of the site that gave the ticket")
        )
    return upload_url


def _announce(fields: Fields) -> tuple[str, ...]:
    values = fields.sequence("announce")
    urls = tuple(url.decode("latin-1") for url in values if isinstance(url, bytes))
    if not 1 <= len(urls) == len(values) <= _MAX_TRACKERS:
        raise fields.refusal(
            "announce", Text("must hold 1 to {limit} addresses", limit=_MAX_TRACKERS)
        )
    if not all(addresses.is_address(url, addresses.TRACKER) for url in urls):
        raise fields.refusal(
            "announce", Text("holds something that is not the address of a tracker")
        )
    return urls
