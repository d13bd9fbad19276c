"""Where a site on this machine listens, how it is reached from here, and whether that is free."""

import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

EVERY_ADDRESS = ""
IPV4, BOTH_FAMILIES = "0.0.0.0", "::"  # noqa: S104  (names, nothing is bound here)
LOOPBACK = {EVERY_ADDRESS: "127.0.0.1", IPV4: "127.0.0.1", BOTH_FAMILIES: "::1"}


class PortTaken(Exception):  # noqa: N818  (a sentence, said to the admin)
    """Somebody else listens on a port that the site needs."""

    def __init__(self, port: int, option: str) -> None:
        super().__init__(
            f"Port {port} is in use by another program. Stop that program, or choose another port "
            f"with {option}, for example {option} {port + 10}."
        )
        self.port = port


@dataclass(frozen=True, slots=True)
class Listening:
    """The network address, empty for all that this machine has, and the ports of the programs."""

    host: str
    web_port: int
    tracker_port: int

    @property
    def local_host(self) -> str:
        """The address at which programs of this machine reach the site's programs."""
        return LOOPBACK.get(self.host, self.host)

    @property
    def web_host(self) -> str:
        """What the web server binds: it has one socket, which takes both families if it can."""
        if self.host != EVERY_ADDRESS:
            return self.host
        return BOTH_FAMILIES if _has_both_families() else IPV4

    @property
    def local_url(self) -> str:
        """The site's address on this machine, for programs, without a closing slash."""
        host = f"[{self.local_host}]" if ":" in self.local_host else self.local_host
        return f"http://{host}:{self.web_port}"

    @property
    def url_to_open(self) -> str:
        """The same for the person at this machine."""
        if self.local_host in ("127.0.0.1", "::1"):
            return f"http://localhost:{self.web_port}"
        return self.local_url

    def check_free(self) -> None:
        """Raise `PortTaken` when another program has one of the ports."""
        for port, option in ((self.web_port, "--port"), (self.tracker_port, "--tracker-port")):
            if not _is_free(self.web_host, port):
                raise PortTaken(port, option)


def wait_until_free(listening: Listening, seconds: float, stop: Callable[[], bool]) -> None:
    """Give the programs of a copy that was killed `seconds` to let go of the ports."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return listening.check_free()
        except PortTaken:
            if stop() or time.monotonic() > deadline:
                raise
        time.sleep(0.1)


@cache
def _has_both_families() -> bool:
    """Whether one socket can serve IPv4 and IPv6; a machine may have IPv6 switched off."""
    return socket.has_dualstack_ipv6() and _is_free(BOTH_FAMILIES, 0)


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if family == socket.AF_INET6:
            probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        if sys.platform != "win32":  # There the option would share the port with its owner.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
