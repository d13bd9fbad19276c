"""Sockets of several processes: one port, and each packet to the process it is for."""

import select
import struct
import sys
from collections.abc import Iterator
from socket import AF_INET, SOCK_DGRAM, socket

import pytest

from server.tracker.core.shares import Share
from server.tracker.serving.sockets import Sockets, listen, listen_together
from server.tracker.serving.steering import steer

from ..talking_udp import ANNOUNCE, SCRAPE, connect_packet

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Only Linux spreads packets so.")

PROCESSES = 3
FILMS = [bytes([number]) * 20 for number in range(0, 256, 5)]


@pytest.fixture
def groups() -> Iterator[list[Sockets]]:
    groups = listen_together("127.0.0.1", 0, PROCESSES)
    steer(groups[0].udp, PROCESSES)
    yield groups
    for each in groups:
        each.close()


def receiver(groups: list[Sockets], packet: bytes) -> int:
    """Which process gets a packet; the sender's address is another one each time."""
    with socket(AF_INET, SOCK_DGRAM) as sender:
        sender.sendto(packet, ("127.0.0.1", groups[0].port))
    sockets = [each.udp[0] for each in groups]
    ready, _, _ = select.select(sockets, [], [], 20)
    assert ready[0].recv(2000) == packet
    return sockets.index(ready[0])


@pytest.mark.parametrize("action", [ANNOUNCE, SCRAPE])
def test_a_packet_goes_to_the_owner_of_its_torrent(groups: list[Sockets], action: int) -> None:
    head = b"12345678" + struct.pack(">II", action, 77)
    found = [receiver(groups, head + film + bytes(62)) for film in FILMS]
    assert found == [Share(0, PROCESSES).owner(film) for film in FILMS]


def test_connects_go_round(groups: list[Sockets]) -> None:
    assert {receiver(groups, connect_packet(number)) for number in range(PROCESSES)} == {0, 1, 2}


@pytest.mark.parametrize("size", [0, 5, 10, 16, 17])
def test_a_packet_that_is_cut_off_goes_to_the_first(groups: list[Sockets], size: int) -> None:
    announce = b"12345678" + struct.pack(">II", ANNOUNCE, 77) + b"\xff" * 20
    assert receiver(groups, announce[:size]) == 0


def test_a_port_in_use_is_left_alone(groups: list[Sockets]) -> None:
    with pytest.raises(OSError, match="in use"):
        listen_together("127.0.0.1", groups[0].port, PROCESSES)
    with pytest.raises(OSError, match="in use"):
        listen("127.0.0.1", groups[0].port)
