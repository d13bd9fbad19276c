"""The simplest client of a tracker over UDP (BEP 15)."""

import itertools
import socket
import struct
from typing import NamedTuple, Self

from .talking import Address

PROTOCOL = 0x41727101980
CONNECT, ANNOUNCE, SCRAPE, ERROR = range(4)
transactions = itertools.count(1000)


class Reply(NamedTuple):
    """An announce's reply."""

    interval: int
    incomplete: int
    complete: int
    peers: bytes


class UdpClient:
    """One socket, and the connection id that the tracker gave it."""

    def __init__(self, address: Address, source: str = "") -> None:
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        if source:
            self._socket.bind((source, 0))
        self._socket.connect(address)
        self._socket.settimeout(20)
        self.connection_id = bytes(8)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def exchange(self, packet: bytes) -> bytes:
        """The reply to any packet."""
        self._socket.send(packet)
        return self._socket.recv(4096)

    def send(self, packet: bytes) -> None:
        """Send a packet without waiting for a reply."""
        self._socket.send(packet)

    def hears_nothing_after(self, packet: bytes) -> bool:
        """Whether a packet is not answered: the next one's answer comes first."""
        self._socket.send(packet)
        return self.exchange(connect_packet(7))[4:8] == struct.pack(">I", 7)

    def connect(self) -> "UdpClient":
        """Get a connection id."""
        transaction = next(transactions)
        reply = self.exchange(connect_packet(transaction))
        assert reply[:8] == struct.pack(">II", CONNECT, transaction)
        self.connection_id = reply[8:]
        assert len(self.connection_id) == 8
        return self

    def announce(self, packet: bytes) -> Reply:
        """The answer to a good announce."""
        reply = self.exchange(packet)
        assert reply[:8] == struct.pack(">I", ANNOUNCE) + packet[12:16], reply
        return Reply(*struct.unpack(">III", reply[8:20]), reply[20:])

    def announce_packet(
        self,
        info_hash: bytes,
        port: int = 6881,
        *,
        left: int = 1,
        event: int = 0,
        ip: bytes = bytes(4),
        key: int = 5,
        numwant: int = -1,
        options: bytes = b"",
    ) -> bytes:
        """An announce with this client's connection id."""
        head = self.connection_id + struct.pack(">II", ANNOUNCE, next(transactions))
        numbers = struct.pack(">qqqI4sIiH", 0, left, 0, event, ip, key, numwant, port)
        return head + info_hash + b"-PL0001-abcdefghijkl" + numbers + options

    def scrape_packet(self, *info_hashes: bytes) -> bytes:
        """A scrape with this client's connection id."""
        head = self.connection_id + struct.pack(">II", SCRAPE, next(transactions))
        return head + b"".join(info_hashes)


def connect_packet(transaction: int) -> bytes:
    """How a conversation begins."""
    return struct.pack(">QII", PROTOCOL, CONNECT, transaction)


def reason(request: bytes, reply: bytes) -> bytes:
    """The sentence of an error, which must be shorter than what it answers."""
    assert reply[:8] == struct.pack(">I", ERROR) + request[12:16]
    assert len(reply) <= len(request)
    return reply[8:]
