"""Waking the worker for work that is already a row: lost or late wake-ups cost only time."""

import logging
from collections.abc import Callable
from time import monotonic

from celery import current_app
from django.db import transaction

log = logging.getLogger(__name__)

SECONDS_WITHOUT_ANOTHER_TRY = 30.0


def wake(task: str, *arguments: object) -> None:
    """Let the worker run the Celery task of this name as soon as the transaction has committed."""
    transaction.on_commit(lambda: _bell.ring(task, arguments))


class Bell:
    """The way to the worker.

    A broker that fails is left alone for a while: each try may cost a request seconds, and a sweep
    finds the rows within a minute.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._is_left_alone_until = 0.0

    def ring(self, task: str, arguments: tuple[object, ...] = ()) -> bool:
        """Whether the broker took the task."""
        if self._clock() < self._is_left_alone_until:
            return False
        try:
            current_app.send_task(task, arguments, retry=False)
        except Exception as error:
            # Each kind of broker refuses in its own words: a full disk, a wrong password, being a
            # copy. Nobody who publishes should be told of any.
            self._is_left_alone_until = self._clock() + SECONDS_WITHOUT_ANOTHER_TRY
            log.warning("The worker could not be woken for %s: %s", task, error)
            return False
        return True


_bell = Bell()
