"""What the worker does for the catalog."""

from celery import shared_task

from .models import Release


@shared_task  # type: ignore[untyped-decorator]
def count_popularity() -> None:
    """Let the listing know the tracker's newest numbers."""
    Release.objects.count_popularity()
