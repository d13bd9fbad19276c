"""Going on after a sleep, or in another network, where libtorrent would wait for dead peers."""

import errno
import logging
import socket
import time
from collections.abc import Callable, Iterable

import libtorrent as lt

_LOOK_SECONDS = 2.0
# No look at the engine takes that long; a computer that sleeps does, and a process that is stopped.
_LONGEST_BEAT = 30.0
_HURRY_SECONDS = 20.0

_log = logging.getLogger("passalong.engine")

Clock = Callable[[], float]


class Pulse:
    """Felt several times a second while the computer is awake.

    Some systems stop one of their clocks while they sleep, so two are looked at.
    """

    def __init__(self, *clocks: Clock) -> None:
        self._clocks = clocks or (time.monotonic, time.time)
        self._last = self._now()

    def has_slept(self) -> bool:
        """Whether more time has passed since the last time than can be."""
        last, self._last = self._last, self._now()
        return any(
            now - before > _LONGEST_BEAT for now, before in zip(self._last, last, strict=True)
        )

    def _now(self) -> tuple[float, ...]:
        return tuple(clock() for clock in self._clocks)


class Returning:
    """Begins anew with peers who were lost, which nobody tells us: TCP waits for minutes."""

    def __init__(self, session: lt.session, pulse: Pulse) -> None:
        self._session = session
        self._pulse = pulse
        self._usual = session.get_settings()
        self._look_at = 0.0
        self._hurried_until: float | None = None

    def look(self, torrents: Iterable[lt.torrent_handle], now: float) -> None:
        """Notice a sleep, or that peers know us by an address that is not ours any more."""
        has_slept = self._pulse.has_slept()
        if not has_slept and now < self._look_at:
            return
        self._look_at = now + _LOOK_SECONDS
        for torrent in torrents:
            if has_slept or not all(map(_is_ours, _own_addresses(torrent))):
                _log.info("Beginning anew with all peers; slept: %s.", has_slept)
                self._drop_peers(torrent)
                self._hurry(now)
        if self._hurried_until is not None and now >= self._hurried_until:
            self._hurried_until = None
            self._session.apply_settings({"min_reconnect_time": self._usual["min_reconnect_time"]})

    def listen(self, torrents: Iterable[lt.torrent_handle], now: float) -> None:
        """This computer has got an address: whoever was out of reach may be in reach now."""
        for torrent in torrents:
            torrent.force_reannounce()
        self._hurry(now)
        self._look_at = now

    def _drop_peers(self, torrent: lt.torrent_handle) -> None:
        """A pause does that. Without time to say so, the trackers hear only of the new start."""
        self._session.apply_settings({"stop_tracker_timeout": 0})
        torrent.pause()
        torrent.resume()
        self._session.apply_settings({"stop_tracker_timeout": self._usual["stop_tracker_timeout"]})

    def _hurry(self, now: float) -> None:
        """Call peers again at once who were lost by no fault of theirs."""
        self._session.apply_settings({"min_reconnect_time": 1})
        self._hurried_until = now + _HURRY_SECONDS


def _own_addresses(torrent: lt.torrent_handle) -> set[str]:
    """Those of this computer under which its peers know it."""
    return {peer.local_endpoint()[0] for peer in torrent.get_peer_info()}


def _is_ours(address: str) -> bool:
    """Whether this computer still has this address."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as trial:
            trial.bind((address, 0))
    except OSError as error:
        return error.errno != errno.EADDRNOTAVAIL
    return True
