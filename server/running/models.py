"""The worker's sign of life."""

from django.db import models


class WorkerPulse(models.Model):
    """When a worker last did something that the beat had asked for; one row for all workers."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.at}"
