"""What the worker does for the Top 40. Every task may run twice; the rows decide."""

from celery import shared_task
from django.utils import timezone

from . import fetching, measuring, ranking, sweeping


@shared_task  # type: ignore[untyped-decorator]
def fetch_feed(key: int) -> None:
    """Fetch one feed if it is due."""
    fetching.fetch_feed(key, timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def check_claim(key: int) -> None:
    """Fetch one torrent file if that is due."""
    fetching.check_claim(key, timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def ask_tracker(key: int) -> None:
    """Ask one tracker for its numbers if that is due."""
    measuring.ask_tracker(key, timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Wake up whatever is due."""
    now = timezone.now()
    for task, keys in (
        (fetch_feed, sweeping.feeds_due(now)),
        (check_claim, sweeping.claims_due(now)),
        (ask_tracker, sweeping.trackers_due(now)),
    ):
        for key in keys:
            task.delay(key)


@shared_task  # type: ignore[untyped-decorator]
def rank() -> None:
    """Work out the points anew."""
    ranking.give_points(timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def forget() -> None:
    """Drop what is no longer needed."""
    sweeping.forget(timezone.now())
