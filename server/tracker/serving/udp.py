"""From a UDP packet to its reply: at once, or after the site has been asked."""

from collections.abc import Awaitable

from ..core.addresses import stated_address
from ..core.connection_ids import ConnectionIds
from ..core.errors import TrackerError
from ..core.messages import AnnounceReply, ScrapeEntry
from ..wire import udp as wire
from ..wire.udp import ANNOUNCE, ANNOUNCE_SIZE, SHORTEST, pack_announce_reply, read_announce
from .limits import Limits
from .reception import Reception

NO_REPLY = b""
NO_ADDRESS = bytes(4)


class UdpDesk:
    """Where packets are answered, whichever socket they came by."""

    def __init__(self, reception: Reception, ids: ConnectionIds, limits: Limits) -> None:
        """Answer with what the reception says."""
        self._reception = reception
        self._ids = ids
        self._is_good = ids.is_good
        self._limits = limits

    def answer(self, packet: bytes, address: bytes) -> bytes | Awaitable[bytes]:
        """The reply, empty for none; `address` is the sender's, 4 or 16 bytes."""
        action = packet[8:12]
        if len(packet) < SHORTEST:
            return NO_REPLY
        if action == wire.CONNECT:
            if packet[:8] != wire.PROTOCOL:
                return NO_REPLY
            return wire.write_connect_reply(packet[12:16], self._ids.make(address))
        if not self._is_good(packet, address):
            # Silence would cost a client 15 seconds: libtorrent keeps one id for all the ports of
            # an address, and people's computers change theirs.
            return wire.write_error(packet, "Wrong connection id.")
        if address[0] != 127 and self._limits.is_exceeded(address):
            return NO_REPLY
        try:
            if action == ANNOUNCE and len(packet) >= ANNOUNCE_SIZE:
                return self._announce(packet, address)
            if action == wire.SCRAPE:
                return self._scrape(packet)
        except TrackerError as error:
            return wire.write_error(packet, str(error))
        return wire.write_error(packet, "Not BEP 15.")

    def _announce(self, packet: bytes, address: bytes) -> bytes | Awaitable[bytes]:
        transaction, info_hash, event, is_seed, ip, key, numwant, port = read_announce(packet)
        is_ipv6 = len(address) != 4
        if is_ipv6:
            numwant = wire.MOST_PEERS6 if numwant < 0 else min(numwant, wire.MOST_PEERS6)
        elif ip != NO_ADDRESS:
            address = stated_address(address, ip)
        reply = self._reception.announce(
            info_hash, address + port.to_bytes(2, "big"), event, is_seed, numwant, key
        )
        if type(reply) is AnnounceReply:
            # `write_announce_reply`, written out: this is where most announces leave.
            interval, complete, incomplete, peers, peers6 = reply
            head = pack_announce_reply(ANNOUNCE, transaction, interval, incomplete, complete)
            return head + (peers6 if is_ipv6 else peers)
        assert not isinstance(reply, AnnounceReply)
        return self._announce_later(packet, reply, is_ipv6)

    def _scrape(self, packet: bytes) -> bytes | Awaitable[bytes]:
        info_hashes = wire.read_scrape(packet)
        entries = self._reception.scrape(info_hashes)
        if isinstance(entries, list):
            return wire.write_scrape_reply(packet[12:16], info_hashes, entries)
        return self._scrape_later(packet, info_hashes, entries)

    async def _announce_later(
        self, packet: bytes, reply: Awaitable[AnnounceReply], is_ipv6: bool
    ) -> bytes:
        try:
            return wire.write_announce_reply(packet[12:16], await reply, is_ipv6)
        except TrackerError as error:
            return wire.write_error(packet, str(error))

    async def _scrape_later(
        self, packet: bytes, info_hashes: list[bytes], entries: Awaitable[list[ScrapeEntry]]
    ) -> bytes:
        try:
            return wire.write_scrape_reply(packet[12:16], info_hashes, await entries)
        except TrackerError as error:
            return wire.write_error(packet, str(error))
