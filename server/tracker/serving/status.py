"""How a tracker process describes itself to the site's pages and, if asked to, to Prometheus."""

import os
import platform
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from installer import VERSION

from ..core.engine import Engine
from ..core.shares import WHOLE, Share
from ..models import TrackerProcess, TrackerSample
from .metrics import Numbers


class Status:
    """Counts from the process's start, and rates since they were last asked for."""

    def __init__(
        self,
        engine: Engine,
        wall_clock: Callable[[], datetime],
        port: int,
        *,
        is_shared: bool,
        share: Share = WHOLE,
    ) -> None:
        """`port` and `share` tell it from others on its machine.

        `is_shared`: they all see the same peers.
        """
        self._engine = engine
        self._wall_clock = wall_clock
        number = f"/{share.index}" if share.index else ""
        self.name = f"{platform.node()[:80]}:{port}{number}"
        self._store = "shared" if is_shared else self.name
        self._started_at = wall_clock()
        self._described = _Rate()
        self._sampled = _Rate()

    def describe(self) -> TrackerProcess:
        """The process as it is now."""
        four, six = self._engine.families()
        return TrackerProcess(
            name=self.name,
            store=self._store,
            version=VERSION,
            started_at=self._started_at,
            seen_at=self._wall_clock(),
            announces=self._engine.announces,
            announces_per_second=self._described.since_last(self._engine.announces),
            torrents=self._engine.torrents(),
            peers_ipv4=four,
            peers_ipv6=six,
            memory_bytes=memory_bytes(),
        )

    def sample(self) -> TrackerSample:
        """What the process did since the last sample."""
        return TrackerSample(
            at=self._wall_clock(),
            process=self.name,
            announces_per_second=self._sampled.since_last(self._engine.announces),
            peers=sum(self._engine.families()),
        )

    def numbers(self, passed_on: int) -> Numbers:
        """The same for Prometheus."""
        uptime = (self._wall_clock() - self._started_at).total_seconds()
        return Numbers(
            self._engine.announces,
            self._engine.torrents(),
            *self._engine.families(),
            memory_bytes(),
            round(uptime),
            passed_on,
        )


class _Rate:
    """How fast a counter grows."""

    def __init__(self) -> None:
        self._count = 0
        self._at = time.monotonic()

    def since_last(self, count: int) -> float:
        now = time.monotonic()
        rate = (count - self._count) / max(now - self._at, 0.001)
        self._count, self._at = count, now
        return round(rate, 3)


def memory_bytes() -> int:
    """How much memory this process has, 0 where the system does not say."""
    with suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    return 0
