"""What the engine's thread remembers of one torrent that it works on."""

import time
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field

import libtorrent as lt

from client.engine.looking import said
from client.engine.metering import Meter
from client.engine.saving import SaveTimes
from client.engine.transfer import Order, Transfer
from client.engine.web_seeds import WebSeeds

_LONGEST_LOG = 30


@dataclass(slots=True)
class Work:
    """One torrent inside the engine thread."""

    handle: lt.torrent_handle
    order: Order
    is_finished: bool = False
    # Flushes asked for and not yet answered. Only when all are, the draft may be trusted.
    flushes: int = 0
    draft: bytes | None = None
    is_saving: bool = False
    save_times: SaveTimes = field(default_factory=SaveTimes)
    web_seeds: WebSeeds = field(default_factory=WebSeeds)
    log: deque[str] = field(default_factory=lambda: deque(maxlen=_LONGEST_LOG))
    download: Meter = field(default_factory=Meter)
    upload: Meter = field(default_factory=Meter)
    stopping: Future[Transfer] | None = None
    stop_deadline: float = 0.0

    def hear(self, alert: lt.torrent_alert) -> None:
        """Keep it for the fold, without the short info-hash before it; some say nothing else."""
        if isinstance(alert, lt.url_seed_alert):
            self.web_seeds.has_failed(alert.server_url(), time.monotonic())
        text = said(alert.message).removeprefix(self.order.info_hash.hex()[:6]).strip(" :")
        if text:
            self.log.append(f"{time.strftime('%H:%M:%S')} {text}")


def key_of(handle: lt.torrent_handle) -> bytes:
    """The info-hash that orders name this torrent by."""
    return handle.info_hashes().v1.to_bytes()


def find_work(works: Mapping[bytes, Work], handle: lt.torrent_handle) -> Work | None:
    """The work that this handle belongs to, if it is still worked on.

    A torrent that was removed lives on while the disk has something to do for it, and what it says
    may come when the same info-hash is already worked on again: so it happens with every magnet
    link, whose first run wants nothing but the description and is therefore "finished" at once.
    """
    work = works.get(key_of(handle))
    return work if work is not None and work.handle == handle else None
