"""Work that is a row: when it is due, who does it now, and when to try again.

Celery only wakes it up. Whatever a crash has left is due again after the lease, and a sweep every
minute finds it.
"""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F

# Longer than one question takes, and short enough to be swept up within two minutes of a crash.
LEASE = timedelta(seconds=45)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 1440))


class Errand(models.Model):
    """Something to be done at `next_at`; None means that nothing is to be done."""

    next_at = models.DateTimeField(null=True, blank=True, editable=False, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    error = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def take(cls, key: int, now: datetime) -> Self | None:
        """The row if it is due and nobody else has just taken it."""
        due = cls._default_manager.filter(pk=key, next_at__lte=now)
        # The update decides between two workers: the second finds the time moved on.
        if not due.update(next_at=now + LEASE, attempts=F("attempts") + 1):
            return None
        return cls._default_manager.filter(pk=key).first()

    @classmethod
    def note_failure(cls, key: int, why: str, now: datetime) -> None:
        """Note for whoever broke off before it could: the row may be gone by now."""
        errand = cls._default_manager.filter(pk=key).first()
        if errand is not None:
            errand.failed(why, now)

    def succeeded(self, next_at: datetime | None) -> None:
        """Note that it is done, and when to do it again."""
        self.next_at, self.attempts, self.error = next_at, 0, ""
        self.save(update_fields=["next_at", "attempts", "error"])

    def failed(self, why: str, now: datetime) -> None:
        """Note why it went wrong; it is tried again with growing pauses, then left alone."""
        has_pause = self.attempts <= len(PAUSES)
        self.next_at = now + PAUSES[self.attempts - 1] if has_pause else None
        self.error = why[:200]
        self.save(update_fields=["next_at", "error"])
