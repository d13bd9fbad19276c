"""Waiting within a job, for a site or for better times, without keeping whoever wants to stop."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from typing import TypeVar

from client.errors import JobStopped
from client.jobs.stopping import Stop
from client.words import gettext as _

_LOOK_SECONDS = 0.1

_T = TypeVar("_T")


def answer_of(question: Callable[[], _T], stop: Stop) -> _T:
    """Ask in a thread of its own, and leave that alone when the person wants to stop."""
    answer: Future[_T] = Future()

    def run() -> None:
        try:
            answer.set_result(question())
        except BaseException as error:
            answer.set_exception(error)

    threading.Thread(target=run, name="asking", daemon=True).start()
    while True:
        try:
            return answer.result(_LOOK_SECONDS)
        except NotYet:
            if answer.done():
                raise
            _check(stop)


def rest(seconds: float, stop: Stop) -> None:
    """Let time pass, unless the person wants to stop."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        _check(stop)
        time.sleep(min(left, _LOOK_SECONDS))


def _check(stop: Stop) -> None:
    if stop.is_asked:
        raise JobStopped(_("Stopped before it was published. Nothing was changed."))
