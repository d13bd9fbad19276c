"""The tracker seen from outside, over UDP: what any tracker at any address should do."""

from collections.abc import Iterator

import pytest

from .talking import Address, announce, compact, has_ipv6
from .talking_udp import UdpClient, connect_packet, reason

STRANGE = b"?" * 20
COMPLETED, STARTED, STOPPED = 1, 2, 3


@pytest.fixture
def bob(address: Address) -> Iterator[UdpClient]:
    with UdpClient(address) as client:
        yield client.connect()


def test_peers_find_each_other(bob: UdpClient, film: bytes) -> None:
    bob.announce(bob.announce_packet(film, 1001, left=0, event=STARTED))
    reply = bob.announce(bob.announce_packet(film, 1002, event=STARTED))
    assert (reply.complete, reply.incomplete, reply.peers) == (1, 1, compact(1001))
    assert reply.interval > 0


def test_http_and_udp_see_one_swarm(address: Address, bob: UdpClient, film: bytes) -> None:
    announce(address, film, 1001)
    assert bob.announce(bob.announce_packet(film, 1002)).peers == compact(1001)


def test_ipv6_peers_find_each_other(address: Address, film: bytes) -> None:
    if address[0] != "127.0.0.1" or not has_ipv6():
        pytest.skip("This machine has no IPv6.")
    with UdpClient(("::1", address[1])) as client:
        client.connect()
        client.announce(client.announce_packet(film, 1001))
        reply = client.announce(client.announce_packet(film, 1002))
    assert reply.peers == bytes(15) + b"\x01" + (1001).to_bytes(2, "big")


def test_a_stopped_peer_is_gone(bob: UdpClient, film: bytes) -> None:
    bob.announce(bob.announce_packet(film, 1001))
    bob.announce(bob.announce_packet(film, 1001, event=STOPPED))
    assert bob.announce(bob.announce_packet(film, 1002)).peers == b""


def test_a_stop_with_another_key_is_ignored(bob: UdpClient, film: bytes) -> None:
    bob.announce(bob.announce_packet(film, 1001, key=1))
    bob.announce(bob.announce_packet(film, 1001, key=2, event=STOPPED))
    assert bob.announce(bob.announce_packet(film, 1002)).peers == compact(1001)


@pytest.mark.parametrize(("numwant", "given"), [(0, 0), (3, 3), (-1, 9), (2**31 - 1, 9)])
def test_gives_as_many_as_wanted(bob: UdpClient, film: bytes, numwant: int, given: int) -> None:
    for port in range(1001, 1010):
        bob.announce(bob.announce_packet(film, port))
    reply = bob.announce(bob.announce_packet(film, 2000, numwant=numwant))
    assert len(reply.peers) == 6 * given


@pytest.mark.parametrize("left", [-5, 2**62])
def test_absurd_numbers_do_no_harm(bob: UdpClient, film: bytes, left: int) -> None:
    assert bob.announce(bob.announce_packet(film, left=left, event=77)).incomplete == 1


@pytest.mark.parametrize(
    "options",
    [b"\x02\x09/announce", b"\x01\x01\x02\x02/a\x02\x02?b\x00", b"\x00rest", b"\x07\x01x"],
)
def test_options_are_understood(bob: UdpClient, film: bytes, options: bytes) -> None:
    assert bob.announce(bob.announce_packet(film, options=options)).incomplete == 1


@pytest.mark.parametrize("options", [b"\x02", b"\x02\x09/a", b"\x01\x05\xff"])
def test_options_that_are_cut_off_are_refused(bob: UdpClient, film: bytes, options: bytes) -> None:
    packet = bob.announce_packet(film, options=options)
    assert reason(packet, bob.exchange(packet)).endswith(b"cut off.")


def test_refuses_a_torrent_it_was_not_told_about(bob: UdpClient) -> None:
    packet = bob.announce_packet(STRANGE)
    assert reason(packet, bob.exchange(packet)).startswith(b"This tracker does not know")


def test_port_0_is_refused(bob: UdpClient, film: bytes) -> None:
    packet = bob.announce_packet(film, 0)
    assert reason(packet, bob.exchange(packet)).startswith(b"Port 0")


@pytest.mark.parametrize("number", [1, 2, 74])
def test_scrapes_up_to_74_torrents_in_the_order_asked(
    bob: UdpClient, film: bytes, number: int
) -> None:
    bob.announce(bob.announce_packet(film, 1001))
    bob.announce(bob.announce_packet(film, 1001, left=0, event=COMPLETED))
    packet = bob.scrape_packet(*[STRANGE] * (number - 1), film)
    reply = bob.exchange(packet)
    assert reply[:8] == b"\0\0\0\2" + packet[12:16]
    assert reply[8:] == bytes(12 * (number - 1)) + b"\0\0\0\1\0\0\0\1\0\0\0\0"


@pytest.mark.parametrize("hashes", [(), (b"x",), (STRANGE, b"x"), (STRANGE,) * 75])
def test_a_bad_scrape_is_refused(bob: UdpClient, hashes: tuple[bytes, ...]) -> None:
    packet = bob.scrape_packet(*hashes)
    assert reason(packet, bob.exchange(packet))


@pytest.mark.parametrize("action", [1, 2, 3, 9, 0xFFFFFFFF])
def test_a_wrong_connection_id_gets_a_short_error(bob: UdpClient, action: int) -> None:
    packet = bob.announce_packet(STRANGE)
    packet = b"wrong id" + action.to_bytes(4, "big") + packet[12:]
    assert reason(packet, bob.exchange(packet)) == b"Wrong connection id."
    assert reason(packet[:16], bob.exchange(packet[:16])) == b"Wrong co"


def test_an_id_of_another_address_is_wrong(address: Address, bob: UdpClient, film: bytes) -> None:
    if address[0] != "127.0.0.1":
        pytest.skip("Only this machine has many addresses.")
    with UdpClient(address, "127.0.0.2") as charlie:
        charlie.connection_id = bob.connection_id
        packet = charlie.announce_packet(film)
        assert reason(packet, charlie.exchange(packet)) == b"Wrong connection id."


@pytest.mark.parametrize(
    "packet",
    [b"", b"x", b"x" * 15, connect_packet(1)[1:], b"12345678" + connect_packet(1)[8:]],
)
def test_what_is_no_request_gets_no_reply(bob: UdpClient, packet: bytes) -> None:
    assert bob.hears_nothing_after(packet)


@pytest.mark.parametrize("size", [16, 36, 97])
def test_an_announce_that_is_cut_off_is_refused(bob: UdpClient, film: bytes, size: int) -> None:
    packet = bob.announce_packet(film)[:size]
    assert reason(packet, bob.exchange(packet))


def test_a_connect_with_something_behind_is_answered_with_16_bytes(bob: UdpClient) -> None:
    assert len(bob.exchange(connect_packet(1) + bytes(1000))) == 16


def test_believes_a_public_address_of_a_neighbour_only(bob: UdpClient, film: bytes) -> None:
    bob.announce(bob.announce_packet(film, 1001, ip=bytes((1, 2, 3, 4))))
    bob.announce(bob.announce_packet(film, 1002, ip=bytes((10, 0, 0, 9))))
    reply = bob.announce(bob.announce_packet(film, 1003))
    assert reply.peers.count(bytes((1, 2, 3, 4))) == 1
    assert compact(1002) in reply.peers
