"""Whether the site's parts answer. Says which part does not, and nothing that is a secret."""

import os
import shutil
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from .pulse import worker_is_alive

SECONDS_TO_ANSWER = 2.0
FREE_BYTES_NEEDED = 10_000_000


def failing_parts() -> list[str]:
    """The names of the parts that do not work, empty when all is well."""
    return [name for name, works in _PARTS.items() if not works()]


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM site_site")
    except DatabaseError:
        return False
    return True


def _data_folder_can_be_written() -> bool:
    folder = settings.DATA_DIR
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return False
    return shutil.disk_usage(folder).free >= FREE_BYTES_NEEDED


def tracker_answers(port: int | None = None) -> bool:
    """Whether the tracker answers, if only with a refusal."""
    tracker = HTTPConnection(
        settings.TRACKER_HOST, port or settings.TRACKER_PORT, timeout=SECONDS_TO_ANSWER
    )
    try:
        tracker.request("GET", "/scrape")  # Even its refusal is an answer.
        tracker.getresponse()
    except (OSError, HTTPException):
        return False
    finally:
        tracker.close()
    return True


def broker_trouble() -> str:
    """Why Celery's broker does not answer, and its address; empty when it does."""
    with current_app.connection_for_write() as broker:
        try:
            broker.ensure_connection(max_retries=0)
        except Exception as error:
            # Each kind of broker refuses in its own words. The address comes without its password.
            return f"{broker.as_uri()}: {error}"
    return ""


def worker_lives() -> bool:
    """Whether the worker has shown life lately."""
    try:
        return worker_is_alive(timezone.now())
    except DatabaseError:
        return True  # nobody knows, and the database is named already


_PARTS: dict[str, Callable[[], bool]] = {
    "database": _database_answers,
    "data folder": _data_folder_can_be_written,
    "tracker": tracker_answers,
    "broker": lambda: not broker_trouble(),
    "worker": worker_lives,
}
