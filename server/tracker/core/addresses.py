"""Whose word about an address is believed: only that of the site's own network.

A peer there has an address that strangers cannot reach, so it may state the one that they can.
Anybody else could enlist a stranger's computer as a peer.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address


def is_own_network(address: bytes) -> bool:
    """Whether packets from this address can only come from this machine or its neighbours."""
    first = address[0]
    if len(address) == 4:
        return (
            first in (10, 127)
            or (first == 192 and address[1] == 168)
            or (first == 172 and 16 <= address[1] < 32)
        )
    return first & 0xFE == 0xFC or address[:2] == b"\xfe\x80" or address == LOOPBACK6


def is_loopback(address: bytes) -> bool:
    """Whether a program of this machine sends from this address."""
    return address[0] == 127 if len(address) == 4 else address == LOOPBACK6


def stated_address(sender: bytes, stated: bytes) -> bytes:
    """Where a peer is reached: at the address it states, if it may and if that one is public."""
    if not is_own_network(sender):
        return sender
    address = IPv4Address(stated) if len(stated) == 4 else IPv6Address(stated)
    return stated if address.is_global and not address.is_multicast else sender


def packed_or_none(text: str) -> bytes | None:
    """The 4 or 16 bytes of an address in words, None if it is none."""
    try:
        return ip_address(text).packed
    except ValueError:
        return None


LOOPBACK6 = bytes(15) + b"\1"
