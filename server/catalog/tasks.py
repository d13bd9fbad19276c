"""What the worker does for the catalog."""

from celery import shared_task
from django.utils import timezone

from . import counting, foreign
from .models import Release


@shared_task  # type: ignore[untyped-decorator]
def count_downloads() -> None:
    """Roll what the tracker counted up into hours and days; drop hours of long ago."""
    now = timezone.now()
    counting.count_downloads(now)
    counting.forget_old_hours(now)


@shared_task  # type: ignore[untyped-decorator]
def count_popularity() -> None:
    """Let the listing know the tracker's newest numbers."""
    Release.objects.count_popularity()


@shared_task  # type: ignore[untyped-decorator]
def count_foreign() -> None:
    """Ask other people's trackers how many share what meets there."""
    foreign.count_foreign(timezone.now())
