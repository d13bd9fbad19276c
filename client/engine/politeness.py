"""Sending slower while others need the line, as far as libtorrent can be told to.

How long packets wait is found out by `waiting`, how fast to send then by `pace`. Nothing else than
the peers' own limit is touched, so it holds for whoever called us, by TCP or uTP.
"""

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import libtorrent as lt

from client.engine.looking import trackers_of
from client.engine.pace import Pace
from client.engine.settings import rate
from client.engine.transfer import Limits, Wishes
from client.engine.waiting import LOCAL_NETWORKS, Waiting, is_local

_LOOK_SECONDS = 1.0
# What was not used of a limit is saved up, for as long as three seconds; a moment with hardly any
# limit empties that.
_PAUSE_SECONDS = 0.1
# Nobody is in anybody's way with less.
_FEW_BYTES = 4_096
_FEW_TORRENTS = 20
_ANY_INTERFACE = ("0.0.0.0:", "[::]:")
_ALL_ADDRESSES = (("0.0.0.0", "255.255.255.255"), ("::", "ffff" + ":ffff" * 7))  # noqa: S104

_log = logging.getLogger("passalong.engine")


class Politeness:
    """A limit for all peers in the internet; those in the local network have none."""

    def __init__(self, session: lt.session, waiting: Waiting | None = None) -> None:
        self._session = session
        self._waiting = waiting or Waiting()
        self._internet = session.create_peer_class("internet")
        self._pace: Pace | None = None
        self._may_ask = True
        self._looked_at = 0.0
        self._sent: dict[tuple[int, str, int], int] = {}
        self._is_sending = False
        self._has_asked = False
        self._is_pausing = False

    def follow(self, wishes: Wishes) -> None:
        """Begin to keep a pace, or stop; it holds for connections that are there already."""
        self._session.set_peer_class_filter(self._classes(wishes.limits != Limits()))
        # The session's own: what is wished no more may hold until the next start.
        self._may_ask = not _is_bound(self._session.get_settings())
        if wishes.is_polite != (self._pace is not None):
            self._pace = Pace() if wishes.is_polite else None
            self._limit(self._pace.limit if self._pace else 0)

    def begin_anew(self) -> None:
        """This computer has another address, and so perhaps another line."""
        self._waiting.begin_anew()
        if self._pace is not None:
            self._pace = Pace()

    def look(self, torrents: Sequence[lt.torrent_handle], now: float) -> None:
        """Keep the pace; to be called several times a second."""
        if self._pace is None:
            return
        since = now - self._looked_at
        if self._is_pausing and since >= _PAUSE_SECONDS:
            self._is_pausing = False
            self._limit(self._pace.limit)
        if self._is_sending and not self._has_asked and since >= _LOOK_SECONDS / 2:
            # Not earlier: the answer is to tell what became of the last change.
            self._has_asked = True
            self._waiting.ask(_sites_of(torrents) if self._may_ask else [], now)
        if since >= _LOOK_SECONDS and not self._waiting.is_asking():
            # At first: should this fail, it fails once a second and not at every look.
            self._looked_at = now
            self._adjust(self._pace, self._sent_since(torrents) / since)

    def _sent_since(self, torrents: Sequence[lt.torrent_handle]) -> int:
        """How many bytes more have gone to peers who are not in the local network."""
        before, self._sent = self._sent, {}
        more = 0
        for torrent in torrents:
            for peer in torrent.get_peer_info():
                who = (hash(torrent), *peer.ip)
                self._sent[who] = peer.total_upload
                bytes_more = peer.total_upload - before.get(who, 0)
                if bytes_more > 0 and not is_local(peer.ip[0]):
                    more += bytes_more
        return more

    def _adjust(self, pace: Pace, sent: float) -> None:
        has_asked, self._has_asked = self._has_asked, False
        self._is_sending = sent >= _FEW_BYTES
        if not self._is_sending or not has_asked:
            return
        wait = self._waiting.seconds()
        if wait is None:
            self._limit(0)
            return
        before = pace.limit
        pace.follow(wait, sent)
        self._is_pausing = pace.limit < before
        self._limit(1 if self._is_pausing else pace.limit)
        _log.info("Packets wait %.0f ms; sent %.0f, may %d.", wait * 1000, sent, pace.limit)

    def _limit(self, bytes_per_second: int) -> None:
        peers = self._session.get_peer_class(self._internet)
        peers["upload_limit"] = rate(bytes_per_second)
        self._session.set_peer_class(self._internet, peers)

    def _classes(self, is_everybody_limited: bool) -> lt.ip_filter:
        """libtorrent exempts the local network from limits; a person's are meant for everybody."""
        session, classes = self._session, lt.ip_filter()
        everybody, local = 1 << session.global_peer_class_id, 1 << session.local_peer_class_id
        for first, last in _ALL_ADDRESSES:
            classes.add_rule(first, last, everybody | 1 << self._internet)
        for network in LOCAL_NETWORKS:
            flags = everybody if is_everybody_limited else local
            classes.add_rule(str(network[0]), str(network[-1]), flags)
        return classes


def _is_bound(settings: Mapping[str, Any]) -> bool:
    """Whether all is to go by one way, as a proxy or VPN; asking by another would betray it."""
    listening = settings["listen_interfaces"].split(",")
    return (
        settings["proxy_type"] != lt.proxy_type_t.none
        or settings["outgoing_interfaces"] != ""
        or any(not place.strip().startswith(_ANY_INTERFACE) for place in listening)
    )


def _sites_of(torrents: Sequence[lt.torrent_handle]) -> list[str]:
    """Trackers and web seeds. One for UDP answers by TCP too, if only that nobody listens."""
    urls: set[str] = set()
    for torrent in torrents[:_FEW_TORRENTS]:
        urls |= {tracker["url"] for tracker in trackers_of(torrent) or ()}
        with suppress(UnicodeDecodeError):  # The binding takes only UTF-8 from a stranger.
            urls |= {*torrent.url_seeds()}
    return sorted(url for url in urls if url.startswith(("http://", "https://", "udp://")))
