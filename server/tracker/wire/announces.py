"""HTTP announces and their replies: BEP 3, 7 (IPv6), 23 (compact) and 24 (the peer's address)."""

from collections.abc import Iterator, Sequence
from socket import AF_INET, AF_INET6, inet_ntop
from zlib import crc32

from ..core.addresses import Network, packed_or_none, stated_address
from ..core.errors import RequestError
from ..core.messages import Announce, AnnounceReply, Event
from .queries import Query, decoded

EVENTS = {b"completed": Event.COMPLETED, b"started": Event.STARTED, b"stopped": Event.STOPPED}
EVENTS[b"paused"] = Event.PAUSED  # BEP 21
UPDATE = Event.UPDATE
PEER_ID_SIZE = 20
# How the peer ids of the site's own peer begin: its copy is nobody's download.
SITE_FINGERPRINT = b"-PS"
SMALL = {b"%d" % number: number for number in range(-1, 201)}
MIN_INTERVAL = 60  # seconds; nobody has news more often

new_announce = tuple.__new__  # half the time of calling the class


def read_announce(
    text: bytes, address: bytes, trusted: Sequence[Network] = ()
) -> tuple[Announce, bool]:
    """The announce in a query, and whether its sender takes a compact list of peers.

    `address` is where the request came from, 4 or 16 bytes. Another one in the parameter ip is
    believed as far as `core.addresses` says, which knows `trusted`; ipv4 and ipv6 are ignored.
    """
    query = Query(text, most_info_hashes=2)
    if len(query.info_hashes) != 1:
        raise RequestError("An announce must have exactly one info_hash.")
    values = query.values
    peer_id = values.get(b"peer_id", b"")
    # Peers are known by their address and the id is not kept, so it is measured without decoding.
    if len(peer_id) - 2 * peer_id.count(b"%") != PEER_ID_SIZE:
        raise RequestError(f"peer_id must be {PEER_ID_SIZE} bytes.")
    port = query.number(b"port", -1)
    if not 0 < port <= 0xFFFF:
        raise RequestError("port must be a number from 1 to 65535.")
    if b"ip" in values and (stated := packed_or_none(decoded(values[b"ip"]).decode("latin-1"))):
        address = stated_address(address, stated, trusted)
    # Without `left` or with a negative one the size is not known yet, so there is much to get.
    left = values.get(b"left")
    numwant = SMALL.get(values.get(b"numwant", b"-1"))
    event = values.get(b"event")
    if event == b"completed" and decoded(peer_id).startswith(SITE_FINGERPRINT):
        event = None
    announce = (
        query.info_hashes[0],
        address + port.to_bytes(2, "big"),
        UPDATE if event is None else EVENTS.get(event, UPDATE),
        left == b"0" or query.number(b"left", -1) == 0,
        query.number(b"numwant", -1) if numwant is None else numwant,
        crc32(values.get(b"key", b"")) & 0x7F,
    )
    return new_announce(Announce, announce), values.get(b"compact") != b"0"


def write_announce_reply(reply: AnnounceReply, address: bytes, *, is_compact: bool) -> bytes:
    """The bencoded reply; `peers` is always there, since old clients give up without it."""
    interval, complete, incomplete, peers, peers6 = reply
    if is_compact:
        swarm = b"5:peers%d:%b" % (len(peers), peers)
        if peers6 or len(address) != 4:
            swarm += b"6:peers6%d:%b" % (len(peers6), peers6)
    else:
        swarm = b"5:peersl%be" % b"".join(listed_peers(peers, peers6))
    return (
        b"d8:completei%de11:external ip%d:%b10:incompletei%de8:intervali%de12:min intervali%de%be"
        % (
            complete,
            len(address),
            address,
            incomplete,
            interval,
            MIN_INTERVAL,
            swarm,
        )
    )


def listed_peers(peers: bytes, peers6: bytes) -> Iterator[bytes]:
    """Each peer as a dictionary, without the `peer id` that this tracker does not keep."""
    for family, size, compact in ((AF_INET, 4, peers), (AF_INET6, 16, peers6)):
        for start in range(0, len(compact), size + 2):
            ip = inet_ntop(family, compact[start : start + size]).encode()
            port = int.from_bytes(compact[start + size : start + size + 2], "big")
            yield b"d2:ip%d:%b4:porti%dee" % (len(ip), ip, port)
