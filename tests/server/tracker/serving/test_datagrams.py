"""UDP sockets: on a machine with several addresses each replies from the one that was asked."""

import asyncio
import sys
from collections.abc import Awaitable
from socket import AF_INET, AF_INET6, SOCK_DGRAM, socket

import pytest

from server.tracker.serving.datagrams import Datagrams
from server.tracker.serving.sockets import listen

from ..talking import has_ipv6

LATER, NEVER = b"later", b"never"


def answer(
    requests: bytearray, start: int, size: int, address: bytes, replies: bytearray
) -> int | Awaitable[bytes]:
    packet = bytes(requests[start : start + size])

    async def later() -> bytes:
        return packet

    if packet == NEVER:
        return 0
    if packet == LATER:
        return later()
    replies[start : start + size + len(address)] = packet + address
    return size + len(address)


async def replies(host: str, asked: list[str]) -> list[tuple[bytes, str]]:
    """What comes back, and from where, when one socket asks each address three times."""
    sockets = listen(host, 0)
    datagrams = [Datagrams(each, answer) for each in sockets.udp]
    loop = asyncio.get_running_loop()
    found = []
    with socket(AF_INET6 if ":" in asked[0] else AF_INET, SOCK_DGRAM) as client:
        client.settimeout(0)
        for each in asked:
            for packet in (b"now", NEVER, LATER):
                await loop.sock_sendto(client, packet, (each, sockets.port))
        for datagram in datagrams:
            await datagram.start()
        async with asyncio.timeout(20):
            for _ in range(2 * len(asked)):
                packet, name = await loop.sock_recvfrom(client, 100)
                found.append((packet, name[0]))
    for datagram in datagrams:
        datagram.stop()
    for each in sockets.http:
        each.close()
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="Elsewhere the system chooses the address.")
def test_replies_from_the_address_that_was_asked() -> None:
    found = asyncio.run(replies("", ["127.0.0.1", "127.0.0.2"]))
    assert {where for packet, where in found if packet == LATER} == {"127.0.0.1", "127.0.0.2"}
    own = bytes((127, 0, 0, 1))
    assert sorted(found)[2:] == [(b"now" + own, "127.0.0.1"), (b"now" + own, "127.0.0.2")]


@pytest.mark.parametrize(("host", "asked"), [("127.0.0.1", "127.0.0.1"), ("", "::1")])
def test_replies_at_once_later_or_never(host: str, asked: str) -> None:
    if ":" in asked and not has_ipv6():
        pytest.skip("This machine has no IPv6.")
    found = asyncio.run(replies(host, [asked]))
    assert sorted(packet[:5] for packet, _ in found) == [LATER, b"now" + found[0][0][3:5]]
