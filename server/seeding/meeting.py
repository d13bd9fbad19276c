"""Where the site's own peer meets the others: at the tracker, under an address that they reach."""

import ipaddress
import socket
from dataclasses import dataclass

from django.conf import settings

from server.site.models import Site


@dataclass(frozen=True, slots=True)
class Meeting:
    """Announce addresses, best first, and the address to be known by, empty if it shows itself."""

    trackers: tuple[str, ...]
    address: str = ""


def meeting_of(site: Site) -> Meeting:
    """How the site's own peer announces itself.

    It asks the tracker on this machine, which works behind every router and proxy, and says the
    public address of the site's name: the tracker believes that of its own machine only. A site in
    a local network is announced at the site's own name, since there the way shows the address.
    """
    address = public_address_of(site.host)
    if not address:
        # Over UDP the tracker does not ask who it is, and would count its download.
        return Meeting(tuple(sorted(site.announce_urls(), key=lambda url: url.startswith("udp:"))))
    host, port = settings.TRACKER_HOST, settings.TRACKER_PORT
    local = f"http://{f'[{host}]' if ':' in host else host}:{port}/announce"
    return Meeting((local, *site.announce_urls()), address)


def public_address_of(host: str) -> str:
    """The first public address of a name, IPv4 if there is one; empty when there is none."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ""
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    public = sorted((each for each in addresses if each.is_global), key=lambda each: each.version)
    return str(public[0]) if public else ""
