"""UDP packets: BEP 15, with the options of BEP 41 behind an announce.

No reply is longer than what a stranger could be made to receive with a forged address: before the
sender has shown a connection id, a reply is at most as long as the request.
"""

from collections.abc import Iterable
from struct import Struct

from ..core.errors import RequestError
from ..core.messages import AnnounceReply, Event, ScrapeEntry
from ..core.policy import Policy

PROTOCOL = (0x41727101980).to_bytes(8, "big")
CONNECT = b"\0\0\0\0"
ANNOUNCE = b"\0\0\0\1"
SCRAPE = b"\0\0\0\2"
ERROR = b"\0\0\0\3"
SHORTEST = 16  # connection id, action, transaction id
HEAD = 8  # action and transaction id of a reply
ANNOUNCE_SIZE = 98
INFO_HASH_SIZE = 20
MOST_INFO_HASHES = 74
MOST_PEERS = Policy().most_numwant
MOST_PEERS6 = 66  # more would not fit into one packet of an ordinary network

UPDATE = Event.UPDATE
EVENTS = (UPDATE, Event.COMPLETED, Event.STARTED, Event.STOPPED)
NO_PORT = b"\0\0"
END, NOTHING, URL_DATA = 0, 1, 2  # options of BEP 41

# An announce: connection id, action, transaction, info-hash, left, event, the address that its
# sender wants to be reached at (zeros: where it sends from), key, numwant, port. No named tuple: it
# costs time.
unpack_announce = Struct(">8s4s4s20s28xqxxxxxxxxI4sxxxBi2s").unpack_from
# The reply to one, by the size of its compact peers: action, transaction, interval, leeches, seeds,
# peers. Six bytes for each, or eighteen.
pack_announce_reply = {
    size: Struct(f">4s4sIII{size}s").pack_into for size in range(0, MOST_PEERS * 6 + 1, 6)
}
ANNOUNCE_REPLY_HEAD = 20
pack_scrape_entry = Struct(">III").pack


def check_announce(packet: bytes | bytearray, port: bytes) -> None:
    """Refuse an announce that cannot be used."""
    if port == NO_PORT:
        raise RequestError("Port 0 cannot be reached. Open a port in your client's settings.")
    check_options(packet)


def check_options(packet: bytes | bytearray) -> bytes:
    """The path and query of the announce's address (BEP 41); refuses options that are cut off."""
    url = b""
    at = ANNOUNCE_SIZE
    while at < len(packet) and packet[at] != END:
        if packet[at] == NOTHING:
            at += 1
            continue
        size = packet[at + 1] if at + 1 < len(packet) else 0xFFFF
        if at + 2 + size > len(packet):
            raise RequestError("The options behind the announce are cut off.")
        if packet[at] == URL_DATA:
            url += packet[at + 2 : at + 2 + size]
        at += 2 + size
    return url


def read_scrape(packet: bytes) -> list[bytes]:
    """The info-hashes in a scrape, no more than BEP 15 allows."""
    hashes = packet[SHORTEST:]
    if not hashes or len(hashes) % INFO_HASH_SIZE:
        raise RequestError("No info-hash.")
    if len(hashes) > MOST_INFO_HASHES * INFO_HASH_SIZE:
        raise RequestError(f"A scrape may have at most {MOST_INFO_HASHES} info-hashes.")
    return [hashes[at : at + INFO_HASH_SIZE] for at in range(0, len(hashes), INFO_HASH_SIZE)]


def write_connect_reply(transaction: bytes, connection_id: bytes) -> bytes:
    """The id that the sender has to show from now on."""
    return CONNECT + transaction + connection_id


def write_announce_reply(transaction: bytes, reply: AnnounceReply, is_ipv6: bool) -> bytes:
    """The peers of the sender's own family: there is no room for the other one (BEP 15)."""
    interval, complete, incomplete, peers, peers6 = reply
    chosen = peers6 if is_ipv6 else peers
    packet = bytearray(ANNOUNCE_REPLY_HEAD + len(chosen))
    pack = pack_announce_reply[len(chosen)]
    pack(packet, 0, ANNOUNCE, transaction, interval, incomplete, complete, chosen)
    return bytes(packet)


def write_scrape_reply(
    transaction: bytes, info_hashes: Iterable[bytes], entries: Iterable[ScrapeEntry]
) -> bytes:
    """Three numbers for each info-hash that was asked for; zeros for the unknown ones."""
    known = {entry.info_hash: entry for entry in entries}
    parts = [SCRAPE, transaction]
    for info_hash in info_hashes:
        entry = known.get(info_hash)
        if entry is None:
            parts.append(bytes(12))
        else:
            downloaded = min(entry.downloaded, 0xFFFFFFFF)
            parts.append(pack_scrape_entry(entry.complete, downloaded, entry.incomplete))
    return b"".join(parts)


def write_error(transaction: bytes, size: int, sentence: str) -> bytes:
    """A reason, cut so that the reply is never longer than the request, which has `size` bytes."""
    text = sentence.encode("ascii", "replace")
    return ERROR + transaction + text[: size - HEAD]
