"""Whose word about an address is believed: that of the site's own network and of its proxies.

A peer there has an address that strangers cannot reach, so it may state the one that they can.
Anybody else could enlist a stranger's computer as a peer.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Network = IPv4Network | IPv6Network


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


def stated_address(sender: bytes, stated: bytes, trusted: Sequence[Network] = ()) -> bytes:
    """Where a peer is reached: at the address it states, if it may and if that one is public.

    `trusted` are the site's proxies: a request that comes from one itself is theirs.
    """
    if not is_own_network(sender) and not any(_address(sender) in each for each in trusted):
        return sender
    address = _address(stated)
    return stated if address.is_global and not address.is_multicast else sender


def packed_or_none(text: str) -> bytes | None:
    """The 4 or 16 bytes of an address in words, None if it is none."""
    try:
        return ip_address(text).packed
    except ValueError:
        return None


def _address(packed: bytes) -> IPv4Address | IPv6Address:
    return IPv4Address(packed) if len(packed) == 4 else IPv6Address(packed)


LOOPBACK6 = bytes(15) + b"\1"
