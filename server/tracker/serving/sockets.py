"""The sockets that a tracker listens on: one port, IPv4 and IPv6."""

import errno
import os
import socket
from contextlib import suppress

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104
TRIES = 20


def listen(host: str, port: int) -> list[socket.socket]:
    """Listen on every address of `host`, or of this machine if it is empty; port 0: a free one.

    Each family has a socket of its own, so that no IPv4 peer appears as an IPv6 one.
    """
    addresses = _addresses(host)
    for _ in range(TRIES - 1 if port == 0 else 0):
        with suppress(OSError):
            return _listen_on(addresses, port)
    return _listen_on(addresses, port)


def names(sockets: list[socket.socket]) -> list[str]:
    """Where they listen, as people write it."""
    found = (each.getsockname() for each in sockets)
    return [
        f"[{name[0]}]:{name[1]}" if ":" in name[0] else f"{name[0]}:{name[1]}" for name in found
    ]


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


def _listen_on(addresses: list[str], port: int) -> list[socket.socket]:
    """One socket for each address; an address family that the machine lacks is left out."""
    sockets: list[socket.socket] = []
    try:
        for address in addresses:
            try:
                listening = _socket(address, port)
            except OSError as error:
                if not sockets or error.errno not in (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL):
                    raise
                continue
            sockets.append(listening)
            port = listening.getsockname()[1]
    except OSError:
        for listening in sockets:
            listening.close()
        raise
    return sockets


def _socket(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # on Windows it would let two programs share the port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.bind((address, port))
        listening.listen(4096)
    except OSError:
        listening.close()
        raise
    listening.settimeout(0)
    return listening
