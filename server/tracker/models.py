"""The torrents that the tracker was told about, and how their swarms are doing.

The tracker's process writes the numbers, everybody else only reads them. Peers are not here.
"""

from django.db import models
from django.utils import timezone


class TrackedTorrent(models.Model):
    """One info-hash: whether it is welcome, and its swarm in numbers."""

    info_hash = models.CharField("info-hash", max_length=40, primary_key=True)
    is_welcome = models.BooleanField("welcome", default=True)
    decided_at = models.DateTimeField(default=timezone.now, db_index=True)
    complete = models.PositiveIntegerField("seeds", default=0)
    incomplete = models.PositiveIntegerField("downloading", default=0)
    downloaded = models.PositiveBigIntegerField("downloads", default=0)
    counted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "tracked torrent"

    def __str__(self) -> str:
        return self.info_hash
