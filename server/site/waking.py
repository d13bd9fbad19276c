"""Waking the worker for work that is already a row: lost or late wake-ups cost only time."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def wake(task: str, *arguments: object) -> None:
    """Let the worker run the Celery task of this name as soon as the transaction has committed."""
    transaction.on_commit(lambda: _send(task, arguments))


def _send(task: str, arguments: tuple[object, ...]) -> None:
    try:
        current_app.send_task(task, arguments, retry=False)
    except (OperationalError, OSError) as error:
        # The sweep finds the row. Nobody who publishes should be told of the broker.
        log.warning("The worker could not be woken for %s: %s", task, error)
