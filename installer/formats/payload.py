"""What a bundle carries: a download or an upload ticket, signed by the site that made it.

It holds no command, no path and no code; a field that is not known is refused. How it becomes
text that no program can hide in is left to `record`.
"""

from dataclasses import dataclass
from typing import TypeAlias

from installer.errors import BencodeError, PayloadError, Text, TicketError
from installer.formats import addresses, record, ticket
from installer.formats.bencoding import Value, encode, read_dictionary
from installer.formats.fields import Fields
from installer.formats.signature import SiteKey

INLINE_TORRENT_LIMIT = 65_536

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Download:
    """Get the files of this torrent, which nobody has checked yet."""

    site_name: str
    site_url: str
    torrent: bytes


@dataclass(frozen=True, slots=True)
class DownloadByHash:
    """Get the torrent from the site first, and believe it only if the info-hash is right."""

    site_name: str
    site_url: str
    info_hash: bytes
    torrent_url: str
    size: int


@dataclass(frozen=True, slots=True)
class Publish:
    """Publish something with this ticket."""

    ticket: ticket.Ticket


Payload: TypeAlias = Download | DownloadByHash | Publish


@dataclass(frozen=True, slots=True)
class SignedPayload:
    """A payload that is whole, and the key of whoever made it; whose key it is says nobody yet."""

    content: Payload
    public_key: bytes

    @property
    def site_name(self) -> str:
        return self._site.site_name

    @property
    def site_url(self) -> str:
        return self._site.site_url

    @property
    def _site(self) -> Download | DownloadByHash | ticket.Ticket:
        return self.content.ticket if isinstance(self.content, Publish) else self.content


def write(payload: Payload, key: SiteKey) -> bytes:
    """The record of a payload, with the signature of the site."""
    fields = _fields_of(payload)
    # What no program could read must not be given to anybody.
    _read_fields(Fields(fields, PayloadError, Text("This download")))
    return record.seal(encode(fields), key)


def read(data: bytes) -> SignedPayload:
    """Read one whole record; nothing in it is looked at before its signature is checked."""
    sealed = record.unseal(data)
    try:
        fields = Fields(read_dictionary(sealed.content)[0], PayloadError, Text("This download"))
    except BencodeError as error:
        raise PayloadError(record.DAMAGED) from error
    return SignedPayload(_read_fields(fields), sealed.public_key)


def _fields_of(payload: Payload) -> dict[bytes, Value]:
    match payload:
        case Publish():
            return {b"job": b"publish", b"ticket": ticket.write(payload.ticket)}
        case Download():
            what: dict[bytes, Value] = {b"job": b"download", b"torrent": payload.torrent}
        case DownloadByHash():
            what = {
                b"info hash": payload.info_hash,
                b"job": b"download by hash",
                b"size": payload.size,
                b"torrent url": payload.torrent_url.encode(),
            }
    site: dict[bytes, Value] = {
        b"site name": payload.site_name.encode(),
        b"site url": payload.site_url.encode(),
    }
    return what | site


def _read_fields(fields: Fields) -> Payload:
    match fields.string("job"):
        case b"publish":
            fields.only("job", "ticket")
            return Publish(_ticket(fields))
        case b"download":
            fields.only("job", "site name", "site url", "torrent")
            return Download(*_site(fields), fields.string("torrent"))
        case b"download by hash":
            fields.only("info hash", "job", "site name", "site url", "size", "torrent url")
            return _by_hash(fields)
    raise fields.refusal("job", Text("is not known here; it may need a newer program"))


def _ticket(fields: Fields) -> ticket.Ticket:
    try:
        return ticket.read(fields.string("ticket"))
    except TicketError as error:
        raise PayloadError(error.text, field=error.field) from error


def _by_hash(fields: Fields) -> DownloadByHash:
    site_name, site_url = _site(fields)
    torrent_url = _address(fields, "torrent url")
    if addresses.origin(torrent_url) != addresses.origin(site_url):
        raise fields.refusal("torrent url", Text("is not an address of the site"))
    info_hash = fields.string("info hash", size=20)
    return DownloadByHash(site_name, site_url, info_hash, torrent_url, fields.integer("size"))


def _site(fields: Fields) -> tuple[str, str]:
    return fields.text("site name", longest=_LONGEST_NAME), _address(fields, "site url")


def _address(fields: Fields, key: str) -> str:
    address = fields.text(key, longest=addresses.LONGEST)
    if not addresses.is_address(address):
        raise fields.refusal(key, Text("is not a web address"))
    return address
