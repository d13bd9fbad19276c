"""What the worker does for the Top 40: one lane for each kind of errand.

However slowly strangers answer, each lane keeps at most one of the worker's threads busy, so that
everything else goes on. A lane works off what is due; the beat opens it every minute, and whoever
adds an errand opens it at once. An errand that breaks holds up none of the others.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from time import monotonic

from celery import shared_task
from django.utils import timezone

from server.site.errands import Errand

from . import fetching, measuring, ranking, sweeping
from .models import Claim, Feed, ForeignTracker

log = logging.getLogger(__name__)

SECONDS_A_TURN = 50.0  # then the next minute's turn goes on


class Lane:
    """Errands of one kind, done one after the other."""

    def __init__(
        self,
        kind: type[Errand],
        due: Callable[[datetime], list[int]],
        do: Callable[[int, datetime], None],
    ) -> None:
        self._kind = kind
        self._due = due
        self._do = do
        self._is_busy = Lock()

    def work(self) -> None:
        """Do what is due, unless another thread is doing it."""
        if not self._is_busy.acquire(blocking=False):
            return
        try:
            until = monotonic() + SECONDS_A_TURN
            while keys := self._due(timezone.now()):
                for key in keys:
                    if monotonic() > until:
                        return
                    self._do_one(key)
        finally:
            self._is_busy.release()

    def _do_one(self, key: int) -> None:
        try:
            self._do(key, timezone.now())
        except Exception as error:
            # Strangers' answers decide what is done here: whatever breaks it, the others go on.
            log.exception("%s %s broke", self._kind.__name__, key)
            self._kind.note_failure(key, f"{type(error).__name__}: {error}", timezone.now())


_feeds = Lane(Feed, sweeping.feeds_due, fetching.fetch_feed)
_claims = Lane(Claim, sweeping.claims_due, fetching.check_claim)
_trackers = Lane(ForeignTracker, sweeping.trackers_due, measuring.ask_tracker)


@shared_task  # type: ignore[untyped-decorator]
def fetch_feeds() -> None:
    """Fetch the feeds that are due."""
    _feeds.work()


@shared_task  # type: ignore[untyped-decorator]
def check_claims() -> None:
    """Fetch the torrent files that are due."""
    _claims.work()


@shared_task  # type: ignore[untyped-decorator]
def ask_trackers() -> None:
    """Ask the trackers that are due."""
    _trackers.work()


@shared_task  # type: ignore[untyped-decorator]
def rank() -> None:
    """Work out the points anew."""
    ranking.give_points(timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def forget() -> None:
    """Drop what is no longer needed."""
    sweeping.forget(timezone.now())
