"""From a UDP packet to its reply: at once, or after the site has been asked."""

from collections.abc import Awaitable

from ..core.addresses import stated_address
from ..core.connection_ids import ConnectionIds
from ..core.errors import TrackerError
from ..core.messages import AnnounceReply, ScrapeEntry
from ..wire import udp as wire
from ..wire.udp import (
    ANNOUNCE,
    ANNOUNCE_REPLY_HEAD,
    ANNOUNCE_SIZE,
    EVENTS,
    NO_PORT,
    SHORTEST,
    UPDATE,
    pack_announce_reply,
    unpack_announce,
)
from .limits import Limits
from .reception import Reception

NO_REPLY = 0
NOTHING = b""
NO_ADDRESS = bytes(4)
WRONG_ID = "Wrong connection id."


class UdpDesk:
    """Where packets are answered, whichever socket they came by."""

    def __init__(self, reception: Reception, ids: ConnectionIds, limits: Limits) -> None:
        """Answer with what the reception says."""
        self._reception = reception
        self._announce = reception.announce
        self._ids = ids
        self._is_good = ids.is_good
        self._limits = limits

    def answer(  # noqa: C901  (all that nearly every announce needs: each call would be felt)
        self, requests: bytearray, start: int, size: int, address: bytes, replies: bytearray
    ) -> int | Awaitable[bytes]:
        """See `serving.batches.Answer`."""
        if size < ANNOUNCE_SIZE:
            return self._answer_rare(requests, start, size, address, replies)
        shown, action, transaction, info_hash, left, event, ip, key, numwant, port = (
            unpack_announce(requests, start)
        )
        if action != ANNOUNCE:
            return self._answer_rare(requests, start, size, address, replies)
        if not self._is_good(shown, address):
            # Silence would cost a client 15 seconds: libtorrent keeps one id for all the ports of
            # an address, and people's computers change theirs.
            return put(wire.write_error(transaction, size, WRONG_ID), replies, start)
        if address[0] != 127 and self._limits.is_exceeded(address):
            return NO_REPLY
        is_ipv6 = len(address) != 4
        try:
            if port == NO_PORT or size > ANNOUNCE_SIZE:
                wire.check_announce(requests[start : start + size], port)
            if is_ipv6:
                numwant = wire.MOST_PEERS6 if numwant < 0 else min(numwant, wire.MOST_PEERS6)
            elif ip != NO_ADDRESS:
                address = stated_address(address, ip)
            # An event that nobody has heard of is still news that the peer is there.
            news = EVENTS[event] if event < 4 else UPDATE
            reply = self._announce(info_hash, address + port, news, left == 0, numwant, key & 0x7F)
        except TrackerError as error:
            return put(wire.write_error(transaction, size, str(error)), replies, start)
        if type(reply) is AnnounceReply:
            # `write_announce_reply`, written out.
            interval, complete, incomplete, peers, peers6 = reply
            if is_ipv6:
                peers = peers6
            length = len(peers)
            pack_announce_reply[length](
                replies, start, ANNOUNCE, transaction, interval, incomplete, complete, peers
            )
            return ANNOUNCE_REPLY_HEAD + length
        assert not isinstance(reply, AnnounceReply)
        return self._announce_later(transaction, size, reply, is_ipv6)

    def _answer_rare(
        self, requests: bytearray, start: int, size: int, address: bytes, replies: bytearray
    ) -> int | Awaitable[bytes]:
        reply = self._answer_other(bytes(requests[start : start + size]), address)
        return put(reply, replies, start) if isinstance(reply, bytes) else reply

    def _answer_other(self, packet: bytes, address: bytes) -> bytes | Awaitable[bytes]:
        if len(packet) < SHORTEST:
            return NOTHING
        action = packet[8:12]
        if action == wire.CONNECT:
            if packet[:8] != wire.PROTOCOL:
                return NOTHING
            return wire.write_connect_reply(packet[12:16], self._ids.make(address))
        if not self._is_good(packet[:8], address):
            return wire.write_error(packet[12:16], len(packet), WRONG_ID)
        if self._limits.is_exceeded(address):
            return NOTHING
        try:
            if action == wire.SCRAPE:
                return self._scrape(packet)
        except TrackerError as error:
            return wire.write_error(packet[12:16], len(packet), str(error))
        return wire.write_error(packet[12:16], len(packet), "Not BEP 15.")

    def _scrape(self, packet: bytes) -> bytes | Awaitable[bytes]:
        info_hashes = wire.read_scrape(packet)
        entries = self._reception.scrape(info_hashes)
        if isinstance(entries, list):
            return wire.write_scrape_reply(packet[12:16], info_hashes, entries)
        return self._scrape_later(packet, info_hashes, entries)

    async def _announce_later(
        self, transaction: bytes, size: int, reply: Awaitable[AnnounceReply], is_ipv6: bool
    ) -> bytes:
        try:
            return wire.write_announce_reply(transaction, await reply, is_ipv6)
        except TrackerError as error:
            return wire.write_error(transaction, size, str(error))

    async def _scrape_later(
        self, packet: bytes, info_hashes: list[bytes], entries: Awaitable[list[ScrapeEntry]]
    ) -> bytes:
        try:
            return wire.write_scrape_reply(packet[12:16], info_hashes, await entries)
        except TrackerError as error:
            return wire.write_error(packet[12:16], len(packet), str(error))


def put(reply: bytes, replies: bytearray, start: int) -> int:
    """Write a reply to its place; its size."""
    replies[start : start + len(reply)] = reply
    return len(reply)
