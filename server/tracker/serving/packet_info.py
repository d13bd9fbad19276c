"""How Linux says which of this machine's addresses a packet was sent to.

On a socket for all addresses a reply would leave from the one that the routing table prefers, and
a client takes none from another address than it has asked.
"""

import sys
from socket import AF_INET6, IPPROTO_IP, IPPROTO_IPV6, socket
from typing import NamedTuple

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104
MESSAGE_HEAD = 16  # `struct cmsghdr`


class PacketInfo(NamedTuple):
    """The numbers of one address family."""

    level: int
    wish: int  # the option that asks for it
    kind: int  # of message
    size: int  # of what the message carries
    space: int  # of the whole message
    interface_word: int  # which of the message's 32-bit words is the interface


FOUR = PacketInfo(IPPROTO_IP, 8, 8, 12, 32, 4)  # IP_PKTINFO, struct in_pktinfo
SIX = PacketInfo(IPPROTO_IPV6, 49, 50, 20, 40, 8)  # IPV6_RECVPKTINFO, struct in6_pktinfo


def packet_info(socket: socket) -> PacketInfo | None:
    """What comes with the packets of this socket; None if it has one address only."""
    if socket.getsockname()[0] not in EVERYWHERE:
        return None
    return SIX if socket.family == AF_INET6 else FOUR


def ask_for_packet_info(socket: socket) -> None:
    """Have it come with all packets; to be called before there are any."""
    if sys.platform.startswith("linux"):
        info = SIX if socket.family == AF_INET6 else FOUR
        socket.setsockopt(info.level, info.wish, 1)
