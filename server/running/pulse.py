"""Whether the worker lives: the beat asks for a sign of life, and a worker gives it.

So it shows that the beat, the broker and a worker all do their part.
"""

from datetime import datetime, timedelta

from .models import WorkerPulse

LONGEST_SILENCE = timedelta(minutes=3)


def beat(now: datetime) -> None:
    """Note a sign of life. `serve` gives the first, so that a worker has time to start."""
    WorkerPulse.objects.update_or_create(pk=WorkerPulse.ONLY, defaults={"at": now})


def worker_is_alive(now: datetime) -> bool:
    """Whether there was a sign of life lately."""
    return WorkerPulse.objects.filter(at__gt=now - LONGEST_SILENCE).exists()
