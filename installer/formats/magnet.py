"""Magnet links (BEP 9, BEP 52): which torrent is meant, and where to ask for it."""

import re
from base64 import b32decode
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote

from installer.errors import LinkError, Text
from installer.formats import addresses

LONGEST = 20_000
_MOST_PARAMETERS = 500

_VERSION1_HEX = re.compile(r"urn:btih:([0-9a-f]{40})", re.IGNORECASE)
_VERSION1_BASE32 = re.compile(r"urn:btih:([a-z2-7]{32})", re.IGNORECASE)
# A multihash: 12 for SHA-256, 20 (hexadecimal) for its 32 bytes.
_VERSION2 = re.compile(r"urn:btmh:1220([0-9a-f]{64})", re.IGNORECASE)
_SIZE = re.compile(r"[0-9]{1,19}")


@dataclass(frozen=True, slots=True)
class Magnet:
    info_hash: bytes | None
    info_hash_v2: bytes | None = None
    name: str = ""
    trackers: tuple[str, ...] = ()
    size: int | None = None
    web_seeds: tuple[str, ...] = ()


def read(text: str) -> Magnet:
    """The name is for display only; addresses that are none are left out."""
    text = text.strip()
    if not text.lower().startswith("magnet:?") or len(text) > LONGEST:
        raise LinkError(Text("This is not a magnet link; one begins with “magnet:?”."))
    pairs = _parameters(text.partition("?")[2])
    topics = [value for key, value in pairs if key == "xt"]
    info_hash, info_hash_v2 = _version1(topics), _version2(topics)
    if info_hash is None and info_hash_v2 is None:
        raise LinkError(Text("This magnet link names no torrent."), field="xt")
    names = [value for key, value in pairs if key == "dn"]
    sizes = [int(value) for key, value in pairs if key == "xl" and _SIZE.fullmatch(value)]
    return Magnet(
        info_hash=info_hash,
        info_hash_v2=info_hash_v2,
        name="".join(c for c in names[0] if c.isprintable())[:240] if names else "",
        trackers=_addresses(pairs, "tr", addresses.TRACKER),
        size=sizes[0] if sizes else None,
        web_seeds=_addresses(pairs, "ws", addresses.WEB),
    )


def write(magnet: Magnet) -> str:
    parameters = []
    if magnet.info_hash is not None:
        parameters.append(f"xt=urn:btih:{magnet.info_hash.hex()}")
    if magnet.info_hash_v2 is not None:
        parameters.append(f"xt=urn:btmh:1220{magnet.info_hash_v2.hex()}")
    if magnet.name:
        parameters.append(f"dn={quote(magnet.name, safe='')}")
    if magnet.size is not None:
        parameters.append(f"xl={magnet.size}")
    parameters += [f"tr={quote(url, safe='')}" for url in magnet.trackers]
    parameters += [f"ws={quote(url, safe='')}" for url in magnet.web_seeds]
    return "magnet:?" + "&".join(parameters)


def _parameters(query: str) -> list[tuple[str, str]]:
    """Keys may be numbered ("tr.1"), as some programs do."""
    try:
        pairs = parse_qsl(query, max_num_fields=_MOST_PARAMETERS)
    except ValueError as error:
        raise LinkError(Text("This magnet link is damaged.")) from error
    return [(key.partition(".")[0].lower(), value) for key, value in pairs]


def _version1(topics: list[str]) -> bytes | None:
    for topic in topics:
        if found := _VERSION1_HEX.fullmatch(topic):
            return bytes.fromhex(found[1])
        if found := _VERSION1_BASE32.fullmatch(topic):
            return b32decode(found[1].upper())
    return None


def _version2(topics: list[str]) -> bytes | None:
    found = (_VERSION2.fullmatch(topic) for topic in topics)
    return next((bytes.fromhex(match[1]) for match in found if match), None)


def _addresses(pairs: list[tuple[str, str]], key: str, schemes: frozenset[str]) -> tuple[str, ...]:
    return tuple(url for name, url in pairs if name == key and addresses.is_address(url, schemes))
