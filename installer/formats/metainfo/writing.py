"""Torrent files made from an info dictionary that stays byte for byte as it is."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from installer.formats.bencoding import Value, encode


def write(
    info: bytes,
    *,
    announce: Sequence[Sequence[str]] = (),
    web_seeds: Sequence[str] = (),
    comment: str = "",
    created_by: str = "",
    creation_date: int | None = None,
    piece_layers: Mapping[bytes, bytes] = MappingProxyType({}),
) -> bytes:
    """The torrent file; trackers stand in tiers (BEP 12), the first one in `announce` too."""
    tiers: list[Value] = [[url.encode() for url in tier] for tier in announce if tier]
    trackers = [url for tier in announce for url in tier]
    layers: dict[bytes, Value] = dict(piece_layers)
    fields: dict[bytes, Value | None] = {
        b"announce": trackers[0].encode() if trackers else None,
        b"announce-list": tiers if len(trackers) > 1 else None,
        b"comment": comment.encode() or None,
        b"created by": created_by.encode() or None,
        b"creation date": creation_date,
        b"piece layers": layers or None,
        b"url-list": [url.encode() for url in web_seeds] or None,
    }
    encoded = {key: encode(value) for key, value in fields.items() if value is not None}
    encoded[b"info"] = info
    return b"d" + b"".join(encode(key) + encoded[key] for key in sorted(encoded)) + b"e"
