"""What the worker does for the site as a whole."""

from celery import shared_task
from django.utils import timezone

from . import pulse


@shared_task  # type: ignore[untyped-decorator]
def show_life() -> None:
    """Show that beat, broker and worker do their part."""
    pulse.beat(timezone.now())
