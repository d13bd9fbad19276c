"""Celery with a broker of the test's own choice."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from celery import Celery

from server import settings


@contextmanager
def celery_at(address: str) -> Iterator[Celery]:
    """Celery as a site has it that is started with this CELERY_BROKER_URL, and with a new queue."""
    address = address or settings.CELERY_BROKER_URL
    with Celery("passalong", set_as_current=False) as app:
        app.config_from_object("django.conf:settings", namespace="CELERY")
        is_folder = address.startswith("filesystem:")
        app.conf.update(
            broker_url=address,
            broker_transport=app.conf.broker_transport if is_folder else None,
            broker_connection_timeout=settings.SECONDS_FOR_THE_BROKER,
            broker_transport_options=settings.broker_options(address),
            task_default_queue=f"passalong-{uuid4()}",
        )
        yield app
