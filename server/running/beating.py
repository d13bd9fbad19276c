"""The worker and its beat, which is a process of its own: neither goes on without the other."""

from threading import Thread
from typing import Any

from celery.signals import beat_embedded_init, worker_ready

from .tethered import end_with_parent

EXIT_CODE = 1


def keep_together() -> None:
    """Have Celery tell when one of them starts here."""
    beat_embedded_init.connect(lambda **_: end_with_parent(), weak=False)
    worker_ready.connect(lambda sender, **_: _watch(sender.controller.beat), weak=False)


def _watch(beat: Any) -> None:
    if beat is not None:  # on Windows `serve` keeps the beat running itself
        Thread(target=_end_after, args=(beat,), name="beat watch", daemon=True).start()


def _end_after(beat: Any) -> None:
    from celery.worker import state

    beat.join()
    if state.should_stop is None:
        # As Celery does on a signal: what is being done is finished, then `serve` starts both anew.
        state.should_stop = EXIT_CODE
