"""What the worker does for feeds: pings, and the sweep for those that were lost."""

from celery import shared_task
from django.utils import timezone

from . import pinging


@shared_task  # type: ignore[untyped-decorator]
def send_ping(key: int) -> None:
    """Send the ping that is owed to one target."""
    pinging.send(key, timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def sweep_pings() -> None:
    """Wake up every ping that is due: for its next try, or since a crash lost it."""
    for key in pinging.due(timezone.now()):
        send_ping.delay(key)
