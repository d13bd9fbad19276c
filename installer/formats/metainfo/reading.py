"""Torrent files from outside: read whole, checked whole, refused by a sentence, never repaired."""

from hashlib import sha1, sha256

from installer.errors import MetainfoError, Text
from installer.formats import addresses
from installer.formats.bencoding import MAX_DEPTH, Value, read_dictionary
from installer.formats.fields import Fields
from installer.formats.metainfo import version1, version2
from installer.formats.metainfo.values import LARGEST_PIECE, SMALLEST_PIECE, Limits, Metainfo
from installer.formats.names import check_name

_DEFAULTS = Limits()


def read(data: bytes, limits: Limits = _DEFAULTS) -> Metainfo:
    """Return what the torrent says, or raise a FormatError that names the offending part."""
    _check_size(data, limits)
    if not data.startswith(b"d"):
        raise MetainfoError(Text("This is not a torrent file."))
    torrent, spans = read_dictionary(data)
    if not isinstance(torrent.get(b"info"), dict):
        raise MetainfoError(
            Text("This is not a torrent file: it has no info dictionary."), field="info"
        )
    return _read(Fields(torrent, MetainfoError, Text("Torrent")), data[spans[b"info"]], limits)


def read_info(info: bytes, limits: Limits = _DEFAULTS) -> Metainfo:
    """Return what an info dictionary says that came from peers (BEP 9), checked as in a torrent.

    It comes alone: there is no announce, and a hybrid's piece layers are asked for later (BEP 52).
    """
    _check_size(info, limits)
    # One level less, for it stands in a torrent some day.
    values, _ = read_dictionary(info, max_depth=MAX_DEPTH - 1)
    return _read(
        Fields({b"info": values}, MetainfoError, Text("Torrent")), info, limits, is_alone=True
    )


def _check_size(data: bytes, limits: Limits) -> None:
    if len(data) > limits.torrent_bytes:
        text = Text("The torrent file is larger than {limit:,} bytes.", limit=limits.torrent_bytes)
        raise MetainfoError(text)


def _read(torrent: Fields, raw: bytes, limits: Limits, *, is_alone: bool = False) -> Metainfo:
    info = Fields(torrent.dictionary("info"), MetainfoError, Text("Torrent"))
    if info.has("ssl-cert"):
        reason = Text("wants a certificate of everybody who shares, which is not supported")
        raise info.refusal("ssl-cert", reason)
    is_hybrid = version2.is_version2(info)
    name = _name(info)
    piece_length = _piece_length(info)
    content = version1.read_files(info, name, piece_length, limits)
    version1.check_pieces(info, piece_length, content.padded_size)
    layers: dict[bytes, bytes] = {}
    if is_hybrid:
        leaves = version2.read_leaves(info, content, piece_length)
        layers = {} if is_alone else version2.read_layers(torrent, leaves, piece_length)
    return Metainfo(
        info=raw,
        info_hash=sha1(raw, usedforsecurity=False).digest(),
        info_hash_v2=sha256(raw).digest() if is_hybrid else None,
        name=name,
        files=content.files,
        is_folder=info.has("files"),
        piece_length=piece_length,
        total_size=sum(file.length for file in content.files),
        private=info.has("private") and info.integer("private", high=1) == 1,
        announce=_announce(torrent),
        web_seeds=_web_seeds(torrent),
        comment=_comment(torrent),
        piece_layers=layers,
    )


def _name(info: Fields) -> str:
    version1.refuse_second_spelling(info, "name")
    return check_name(info.string("name"))


def _piece_length(info: Fields) -> int:
    length = info.integer("piece length")
    if not SMALLEST_PIECE <= length <= LARGEST_PIECE or length & (length - 1):
        reason = Text("must be a power of two from 16 KiB to 64 MiB, not {length:,}", length=length)
        raise info.refusal("piece length", reason)
    return length


# What stands outside the info dictionary is replaced when a torrent is published, and only a
# hint when one is downloaded: what is wrong there is left out rather than refused.


def _announce(torrent: Fields) -> tuple[tuple[str, ...], ...]:
    listed = torrent.get("announce-list")
    tiers = listed if isinstance(listed, list) else [torrent.get("announce")]
    found = (_addresses(tier, addresses.TRACKER) for tier in tiers)
    return tuple(tier for tier in found if tier)


def _web_seeds(torrent: Fields) -> tuple[str, ...]:
    return _addresses(torrent.get("url-list"), addresses.WEB)


def _addresses(value: Value | None, schemes: frozenset[str]) -> tuple[str, ...]:
    """The well-formed ones of a list of addresses, or of one that stands alone."""
    values = value if isinstance(value, list) else [value]
    texts = (value.decode("latin-1") for value in values if isinstance(value, bytes))
    return tuple(text for text in texts if addresses.is_address(text, schemes))


def _comment(torrent: Fields) -> str:
    comment = torrent.get("comment")
    return comment.decode(errors="replace") if isinstance(comment, bytes) else ""
