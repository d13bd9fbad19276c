"""Other sites, what they say they have, and what was found out about it without believing them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from server.site.errands import Errand

URL_LENGTH = 500


class AggregatorManager(models.Manager["Aggregator"]):
    """Finds the one row."""

    def is_on(self) -> bool:
        """Whether this site collects what others publish."""
        return self.filter(pk=1, is_on=True).exists()

    def first_state(self) -> str:
        """What becomes of a site that nobody here knows."""
        at_once = self.filter(pk=1, lists_new_sites_at_once=True).exists()
        return ForeignSite.State.LISTED if at_once else ForeignSite.State.WAITING


class Aggregator(models.Model):
    """The switch: off until the admin wants a Top 40."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    is_on = models.BooleanField(
        _("collect what other sites publish"),
        default=False,
        help_text=_("Other sites may then ping /ping/, and /top/ shows the Top 40."),
    )
    lists_new_sites_at_once = models.BooleanField(
        _("list new sites at once"),
        default=False,
        help_text=_("Otherwise a new site waits until somebody approves it here."),
    )

    objects = AggregatorManager()

    class Meta:
        verbose_name = _("Top 40")
        verbose_name_plural = _("Top 40")

    def __str__(self) -> str:
        return "Top 40"


class ForeignSite(models.Model):
    """Another site, known by the host in its feed's address."""

    class State(models.TextChoices):
        """Whether it takes part."""

        WAITING = "waiting", _("waiting for approval")
        LISTED = "listed", _("listed")
        BLOCKED = "blocked", _("blocked")

    host = models.CharField(_("host"), max_length=260, unique=True)
    name = models.CharField(_("name"), max_length=100, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    first_seen_at = models.DateTimeField(_("first seen"))

    class Meta:
        verbose_name = _("other site")
        verbose_name_plural = _("other sites")

    def __str__(self) -> str:
        return self.name or self.host


class Feed(Errand):
    """A feed of another site, fetched when it is due."""

    site = models.ForeignKey(ForeignSite, on_delete=models.CASCADE, related_name="feeds")
    url = models.CharField(_("address"), max_length=URL_LENGTH, unique=True)
    asked_at = models.DateTimeField(null=True, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)
    etag = models.CharField(max_length=200, blank=True, editable=False)
    modified = models.CharField(max_length=100, blank=True, editable=False)

    def __str__(self) -> str:
        return self.url


class Torrent(models.Model):
    """One info-hash, however many sites offer it, with the points that decide its place."""

    info_hash = models.CharField("info-hash", max_length=40, unique=True)
    total_size = models.PositiveBigIntegerField(default=0)
    seeds = models.PositiveIntegerField(default=0)
    peers = models.PositiveIntegerField(default=0)
    completed = models.PositiveBigIntegerField(default=0)
    measured_at = models.DateTimeField(null=True)  # None: no tracker has answered us yet
    week_points = models.FloatField(default=0, db_index=True)
    all_points = models.FloatField(default=0, db_index=True)
    is_measured = models.BooleanField(default=False)  # whether the points are counted, not reported

    def __str__(self) -> str:
        return self.info_hash


class Claim(Errand):
    """What one site says of a torrent. It counts once its torrent file was fetched and is right."""

    site = models.ForeignKey(ForeignSite, on_delete=models.CASCADE, related_name="claims")
    torrent = models.ForeignKey(Torrent, on_delete=models.CASCADE, related_name="claims")
    is_right = models.BooleanField(default=False)
    title = models.CharField(max_length=200)
    page_url = models.CharField(max_length=URL_LENGTH)
    torrent_url = models.CharField(max_length=URL_LENGTH)
    torrent_bytes = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)
    reported_week = models.PositiveBigIntegerField(default=0)
    reported_all = models.PositiveBigIntegerField(default=0)
    reported_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "torrent"], name="one_claim_of_each_site")
        ]

    def __str__(self) -> str:
        return self.title


class ForeignTracker(Errand):
    """A tracker named in somebody's torrent, asked now and then for its numbers."""

    url = models.CharField(max_length=URL_LENGTH, unique=True)
    torrents = models.ManyToManyField(Torrent, through="Measurement", related_name="trackers")

    def __str__(self) -> str:
        return self.url


class Measurement(models.Model):
    """What one tracker last said of one torrent."""

    tracker = models.ForeignKey(ForeignTracker, on_delete=models.CASCADE)
    torrent = models.ForeignKey(Torrent, on_delete=models.CASCADE, related_name="measurements")
    seeds = models.PositiveIntegerField(default=0)
    peers = models.PositiveIntegerField(default=0)
    completed = models.PositiveBigIntegerField(default=0)
    asked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tracker", "torrent"], name="one_measurement_each")
        ]

    def __str__(self) -> str:
        return f"{self.torrent_id} at {self.tracker_id}"


class FirstOfDay(models.Model):
    """The total of completed downloads when we first asked on a day: growth is counted from it."""

    torrent = models.ForeignKey(Torrent, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    completed = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["torrent", "day"], name="first_of_each_day")]

    def __str__(self) -> str:
        return f"{self.torrent_id} on {self.day}"


class Newcomers(models.Model):
    """How many new feeds one sender has named within an hour; the sender only as a keyed hash."""

    sender = models.CharField(max_length=64)
    hour = models.DateTimeField()
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sender", "hour"], name="one_row_a_sender")]

    def __str__(self) -> str:
        return f"{self.number} at {self.hour}"
