"""Who really asks: the client's address behind reverse proxies that the admin trusts.

Imports no Django, since the tracker uses it too.
"""

import ipaddress
from collections.abc import Sequence

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def client_address(remote: str, forwarded_for: str, trusted: Sequence[Network]) -> str:
    """The address a request came from, given the socket's peer and X-Forwarded-For.

    The header is read from the right, since every proxy appends what it saw and only the right
    end was written by somebody trusted. Loopback counts as trusted: what arrives from there was
    sent by a program of this machine. A part that is no address ends the walk.
    """
    address = _parsed(remote)
    if address is None:
        return remote
    for text in reversed(forwarded_for.split(",") if forwarded_for else []):
        if not _is_trusted(address, trusted):
            break
        step = _parsed(text.strip())
        if step is None:
            break
        address = step
    return str(address)


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own; anything that is no address is not."""
    parsed = _parsed(address)
    return parsed is not None and parsed.is_loopback


def _is_trusted(address: Address, trusted: Sequence[Network]) -> bool:
    return address.is_loopback or any(address in network for network in trusted)


def _parsed(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
