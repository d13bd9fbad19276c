"""Asking other people's trackers for their numbers, politely: many torrents in one question.

HTTP as BEP 48 has it, UDP as BEP 15 has it. A tracker is asked at most every half hour.
"""

import secrets
import socket
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote_from_bytes, urlsplit

from installer.errors import FormatError
from installer.formats import bencoding
from server.site.internet import OutgoingError, public_address
from server.site.outgoing import Question, ask

MOST_BYTES = 200_000
MOST_NUMBER = 10**9
UDP_SECONDS = 5.0
UDP_PROTOCOL = 0x41727101980
CONNECT, SCRAPE = 0, 2


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a tracker says of one torrent."""

    seeds: int
    peers: int
    completed: int


def scrape(tracker: str, info_hashes: Sequence[bytes]) -> Mapping[bytes, Numbers]:
    """The numbers of those torrents that the tracker knows; raises `OutgoingError`."""
    if tracker.startswith("udp:"):
        return _scrape_udp(tracker, info_hashes)
    return _scrape_http(tracker, info_hashes)


def _scrape_http(tracker: str, info_hashes: Sequence[bytes]) -> Mapping[bytes, Numbers]:
    head, slash, last = tracker.rpartition("/")
    if not last.startswith("announce"):
        raise OutgoingError(f"{tracker} has no address for scrapes (BEP 48).")
    query = "&".join(f"info_hash={quote_from_bytes(each, safe='')}" for each in info_hashes)
    url = f"{head}{slash}{last.replace('announce', 'scrape', 1)}"
    url += ("&" if "?" in url else "?") + query
    answer = ask(Question(url, most_bytes=MOST_BYTES, any_unprivileged_port=True))
    try:
        content = bencoding.decode(answer.content)
    except FormatError as error:
        raise OutgoingError(f"{tracker} does not answer like a tracker.") from error
    files = content.get(b"files") if isinstance(content, dict) else None
    if not isinstance(files, dict):
        raise OutgoingError(f"{tracker} tells no numbers.")
    found = {}
    for info_hash in info_hashes:
        numbers = files.get(info_hash)
        if isinstance(numbers, dict):
            names = (b"complete", b"incomplete", b"downloaded")
            found[info_hash] = Numbers(*(_believable(numbers.get(name)) for name in names))
    return found


def _scrape_udp(tracker: str, info_hashes: Sequence[bytes]) -> Mapping[bytes, Numbers]:
    parts = urlsplit(tracker)
    try:
        host, port = parts.hostname or "", parts.port or 0
    except ValueError as error:
        raise OutgoingError(f"{tracker} is no address.") from error
    family, address = public_address(host, port, socket.SOCK_DGRAM)
    with socket.socket(family, socket.SOCK_DGRAM) as connection:
        connection.settimeout(UDP_SECONDS)
        try:
            connection.connect(address)
            greeting = _exchange(connection, struct.pack("!Q", UDP_PROTOCOL), CONNECT, b"")
            answer = _exchange(connection, greeting[:8], SCRAPE, b"".join(info_hashes))
        except OSError as error:
            raise OutgoingError(f"{tracker} does not answer.") from error
    triples = struct.iter_unpack("!III", answer[: len(answer) // 12 * 12])
    return {
        info_hash: Numbers(_believable(seeds), _believable(peers), _believable(completed))
        for info_hash, (seeds, completed, peers) in zip(info_hashes, triples, strict=False)
    }


def _exchange(connection: socket.socket, head: bytes, action: int, body: bytes) -> bytes:
    transaction = secrets.token_bytes(4)
    connection.send(head + struct.pack("!I", action) + transaction + body)
    answer = connection.recv(65_536)
    if len(answer) < 8 or answer[:8] != struct.pack("!I", action) + transaction:
        raise OSError
    if action == CONNECT and len(answer) < 16:
        raise OSError
    return answer[8:]


def _believable(number: object) -> int:
    return min(max(number, 0), MOST_NUMBER) if isinstance(number, int) else 0
