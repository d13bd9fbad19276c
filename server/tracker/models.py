"""The torrents that the tracker was told about, and how their swarms and its programs are doing.

The tracker's processes write the numbers, everybody else only reads them. Peers are not here.
"""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class TrackedTorrent(models.Model):
    """One info-hash: whether it is welcome, and its swarm in numbers."""

    info_hash = models.CharField(_("info-hash"), max_length=40, primary_key=True)
    is_welcome = models.BooleanField(_("welcome"), default=True)
    is_in_folder = models.BooleanField(_("in the allowed folder"), default=False)
    decided_at = models.DateTimeField(_("decided"), default=timezone.now, db_index=True)
    name = models.CharField(_("name"), max_length=255, blank=True, default="")
    total_size = models.PositiveBigIntegerField(_("size"), default=0)
    complete = models.PositiveIntegerField(_("seeds"), default=0)
    addresses = models.PositiveIntegerField(_("different addresses of seeds"), default=0)
    incomplete = models.PositiveIntegerField(_("downloading"), default=0)
    downloaded = models.PositiveBigIntegerField(_("downloads"), default=0)
    counted_at = models.DateTimeField(_("counted"), null=True)

    class Meta:
        verbose_name = _("tracked torrent")
        verbose_name_plural = _("tracked torrents")

    def __str__(self) -> str:
        return self.info_hash

    @property
    def transferred(self) -> int:
        """The bytes that all its downloads have together."""
        return self.downloaded * self.total_size


class BlockedTorrent(models.Model):
    """An info-hash that is never tracked, whoever else welcomes it."""

    info_hash = models.CharField(_("info-hash"), max_length=40, primary_key=True)
    reason = models.CharField(_("reason"), max_length=255, blank=True, default="")
    blocked_at = models.DateTimeField(_("blocked"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("blocked torrent")
        verbose_name_plural = _("blocked torrents")

    def __str__(self) -> str:
        return self.info_hash


class CountedJournal(models.Model):
    """A tracker's file of downloads that have been added to the totals (`serving.journal`)."""

    name = models.CharField(max_length=32, primary_key=True)
    counted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "counted journal"

    def __str__(self) -> str:
        return self.name


class TrackerProcess(models.Model):
    """A running tracker process, as it last described itself."""

    name = models.CharField(max_length=100, primary_key=True)
    store = models.CharField(max_length=100, default="")  # whoever has the same sees the same peers
    version = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    announces = models.PositiveBigIntegerField(default=0)  # since it started
    announces_per_second = models.FloatField(default=0)
    torrents = models.PositiveIntegerField(default=0)
    peers_ipv4 = models.PositiveIntegerField(default=0)
    peers_ipv6 = models.PositiveIntegerField(default=0)
    memory_bytes = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = "tracker process"
        verbose_name_plural = "tracker processes"

    def __str__(self) -> str:
        return self.name


class TrackerSample(models.Model):
    """What a tracker process did in some minutes, for the graph of the last day."""

    at = models.DateTimeField(db_index=True)
    process = models.CharField(max_length=100)
    announces_per_second = models.FloatField()
    peers = models.PositiveIntegerField()

    class Meta:
        verbose_name = "tracker sample"

    def __str__(self) -> str:
        return f"{self.process} at {self.at}"
