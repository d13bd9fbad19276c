"""What the worker does for accounts."""

from importlib import import_module

from celery import shared_task
from django.conf import settings


@shared_task  # type: ignore[untyped-decorator]
def delete_expired_sessions() -> None:
    """Forget the sessions that have expired: Django leaves their rows where they are."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
