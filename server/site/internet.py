"""Which machines are somebody's on the internet, as opposed to this one and those near it."""

import ipaddress
import socket
from typing import Any

from django.conf import settings

from installer.errors import PassalongError

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# What Python's `is_global` lets through though it leads elsewhere: relays, tunnels, documentation.
_NOT_FOR_US = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("192.0.0.0/24", "192.88.99.0/24", "100.64.0.0/10", "224.0.0.0/4", "240.0.0.0/4"),
        *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
    )
)
_UNICAST_6 = ipaddress.ip_network("2000::/3")  # leaves out NAT64, mapped and site-local ones


class OutgoingError(PassalongError):
    """Nothing could be had from there, or it must not be asked."""


def public_address(host: str, port: int, kind: socket.SocketKind) -> tuple[Any, ...]:
    """The family and socket address of a host after a look-up; raises `OutgoingError`."""
    try:
        found = socket.getaddrinfo(host, port, type=kind)
    except (OSError, UnicodeError) as error:
        raise OutgoingError(f"There is no host {host!r}.") from error
    for family, _kind, _protocol, _name, address in found:
        if settings.FETCH_PRIVATE or is_public(ipaddress.ip_address(str(address[0]))):
            return family, address
    raise OutgoingError(f"{host!r} is not on the public internet.")


def is_public(address: IPAddress) -> bool:
    """Whether an address is one of somebody's on the internet: not here, not nearby, no tunnel."""
    if not address.is_global or any(address in network for network in _NOT_FOR_US):
        return False
    return address.version == 4 or address in _UNICAST_6


def parsed(host: str) -> IPAddress | None:
    """The address that a host name is; None for a real name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
