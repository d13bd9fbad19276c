"""What the worker does for publishing."""

from celery import shared_task
from django.utils import timezone

from .services import delete_long_expired


@shared_task  # type: ignore[untyped-decorator]
def delete_long_expired_tickets() -> None:
    """Forget the tickets that expired more than a week ago."""
    delete_long_expired(timezone.now())
