"""The simplest client of a tracker: sends bytes, reads until the tracker hangs up."""

import socket
from typing import Any
from urllib.parse import quote_from_bytes

import bencodepy

Address = tuple[str, int]


def exchange(address: Address, sent: bytes, seconds: float = 20) -> bytes:
    """Everything the tracker says to these bytes until it closes the connection."""
    with socket.create_connection(address, timeout=seconds) as connection:
        connection.sendall(sent)
        received = b""
        while part := connection.recv(65536):
            received += part
        return received


def ask(address: Address, target: str, *headers: str) -> Any:
    """The bencoded answer to a GET request."""
    lines = "".join(f"{header}\r\n" for header in (*headers, "Connection: close"))
    received = exchange(address, f"GET {target} HTTP/1.1\r\nHost: t\r\n{lines}\r\n".encode())
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n"), head
    assert b"Content-Length: %d\r\n" % len(body) in head + b"\r\n"
    return bencodepy.decode(body)


def announce_target(info_hash: bytes, port: int = 6881, extra: str = "", left: int = 1) -> str:
    """The address of an announce."""
    return (
        f"/announce?info_hash={quote_from_bytes(info_hash)}&peer_id=-PL0001-abcdefghijkl"
        f"&port={port}&uploaded=0&downloaded=0&left={left}{extra}"
    )


def announce(
    address: Address, info_hash: bytes, port: int = 6881, extra: str = "", left: int = 1
) -> Any:
    """The answer to an announce."""
    return ask(address, announce_target(info_hash, port, extra, left))


def compact(port: int) -> bytes:
    """A peer on this machine."""
    return bytes((127, 0, 0, 1)) + port.to_bytes(2, "big")


def has_ipv6() -> bool:
    """Whether this machine can be reached by IPv6."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True
