"""The sockets that a tracker listens on: one port number for TCP and UDP, IPv4 and IPv6."""

import errno
import os
import socket
from contextlib import suppress
from dataclasses import dataclass

from .packet_info import EVERYWHERE, ask_for_packet_info

TRIES = 20
UDP_BUFFER = 4 << 20  # bytes; packets that come while the process does something else


@dataclass(frozen=True, slots=True)
class Sockets:
    """What one process listens on, by protocol."""

    http: list[socket.socket]
    udp: list[socket.socket]

    @property
    def port(self) -> int:
        """The port number that all of them have."""
        port: int = self.http[0].getsockname()[1]
        return port

    def names(self) -> list[str]:
        """Where they listen, as people write it."""
        found = (each.getsockname() for each in self.http)
        return [
            f"[{name[0]}]:{name[1]}" if ":" in name[0] else f"{name[0]}:{name[1]}" for name in found
        ]

    def close(self) -> None:
        """Listen no more."""
        for each in (*self.http, *self.udp):
            each.close()


def listen(host: str, port: int) -> Sockets:
    """Listen on every address of `host`, or of this machine if it is empty; port 0: a free one.

    Each family has a socket of its own, so that no IPv4 peer appears as an IPv6 one.
    """
    addresses = _addresses(host)
    for _ in range(TRIES - 1 if port == 0 else 0):
        with suppress(OSError):
            return _listen_on(addresses, port)
    return _listen_on(addresses, port)


def listen_together(host: str, port: int, processes: int) -> list[Sockets]:
    """The same for each of several processes, in their order; the kernel says who gets what.

    Whoever has this right may join such a group, so somebody else is looked for first.
    """
    for _ in range(TRIES - 1 if port == 0 else 0):
        with suppress(OSError):
            return _listen_together(host, port, processes)
    return _listen_together(host, port, processes)


def raise_connection_limit() -> None:
    """Allow as many open connections as this machine lets the process have."""
    try:
        import resource
    except ImportError:
        return  # Windows has no such limit
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 1 << 20)), hard))


def _addresses(host: str) -> list[str]:
    if not host:
        return list(EVERYWHERE)
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(name[0]) for *_, name in found))


def _listen_together(host: str, port: int, processes: int) -> list[Sockets]:
    alone = listen(host, port)
    port = alone.port
    alone.close()
    addresses = _addresses(host)
    groups: list[Sockets] = []
    try:
        groups.extend(_listen_on(addresses, port, is_shared=True) for _ in range(processes))
    except OSError:
        for each in groups:
            each.close()
        raise
    return groups


def _listen_on(addresses: list[str], port: int, *, is_shared: bool = False) -> Sockets:
    """Two sockets for each address; an address family that the machine lacks is left out."""
    sockets = Sockets([], [])
    try:
        for address in addresses:
            try:
                listening = _socket(address, port, socket.SOCK_STREAM, is_shared=is_shared)
            except OSError as error:
                if not sockets.http or error.errno not in (
                    errno.EAFNOSUPPORT,
                    errno.EADDRNOTAVAIL,
                ):
                    raise
                continue
            sockets.http.append(listening)
            port = listening.getsockname()[1]
            packets = _socket(address, port, socket.SOCK_DGRAM, is_shared=is_shared)
            sockets.udp.append(packets)
    except OSError:
        sockets.close()
        raise
    return sockets


def _socket(address: str, port: int, kind: socket.SocketKind, *, is_shared: bool) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listening = socket.socket(family, kind)
    try:
        if is_shared:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if kind == socket.SOCK_DGRAM:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, UDP_BUFFER)
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, UDP_BUFFER)
            if address in EVERYWHERE:
                ask_for_packet_info(listening)
        elif os.name == "posix":  # on Windows it would let two programs share the port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address, port))
        if kind == socket.SOCK_STREAM:
            listening.listen(4096)
    except OSError:
        listening.close()
        raise
    listening.settimeout(0)
    return listening
