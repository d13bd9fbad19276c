"""What the engine's thread remembers of one torrent that it works on."""

import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field

import libtorrent as lt

from client.engine.looking import said
from client.engine.metering import Meter
from client.engine.saving import SaveTimes
from client.engine.transfer import Order, Transfer

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
    log: deque[str] = field(default_factory=lambda: deque(maxlen=_LONGEST_LOG))
    download: Meter = field(default_factory=Meter)
    upload: Meter = field(default_factory=Meter)
    stopping: Future[Transfer] | None = None
    stop_deadline: float = 0.0

    def write_down(self, alert: lt.torrent_alert) -> None:
        """Keep it for the fold, without the short info-hash before it; some say nothing else."""
        text = said(alert.message).removeprefix(self.order.info_hash.hex()[:6]).strip(" :")
        if text:
            self.log.append(f"{time.strftime('%H:%M:%S')} {text}")
