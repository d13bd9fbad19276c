"""What has to be remembered of a feed: since when it is as it is, and who is to be told."""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

# A site's address, and a publisher's name of 150 characters with twelve for each: "%F0%90%90%80".
PATH_LENGTH = 2_200


class PublishedFeedManager(models.Manager["PublishedFeed"]):
    """Finds out since when a feed is as it is."""

    def changed_at(self, path: str, digest: str, now: datetime) -> datetime:
        """The moment since which the feed has this content; a new one when it has changed.

        Every content has a second of its own, since qBittorrent skips a feed whose lastBuildDate
        it has seen before.
        """
        known = self.filter(path=path).first()
        if known is not None and known.digest == digest:
            return known.changed_at
        return self._change(path, digest, now.replace(microsecond=0))

    @transaction.atomic
    def _change(self, path: str, digest: str, now: datetime) -> datetime:
        first = {"digest": digest, "changed_at": now}
        row, is_new = self.select_for_update().get_or_create(path=path, defaults=first)
        if not is_new and row.digest != digest:
            row.changed_at = max(now, row.changed_at + timedelta(seconds=1))
            row.digest = digest
            row.save()
        return row.changed_at


class PublishedFeed(models.Model):
    """One feed of this site, as it was when somebody last asked."""

    path = models.CharField(max_length=PATH_LENGTH, primary_key=True)
    digest = models.CharField(max_length=64)
    changed_at = models.DateTimeField()

    objects = PublishedFeedManager()

    def __str__(self) -> str:
        return self.path


class PingingManager(models.Manager["Pinging"]):
    """Finds the one row."""

    def is_on(self) -> bool:
        """Whether the admin has said yes."""
        return self.filter(pk=1, is_on=True).exists()

    def switch(self, is_on: bool) -> None:
        """Say yes or no."""
        self.update_or_create(pk=1, defaults={"is_on": is_on})


class Pinging(models.Model):
    """The switch for pings: off until the admin says yes."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    is_on = models.BooleanField(default=False)

    objects = PingingManager()

    def __str__(self) -> str:
        return "on" if self.is_on else "off"


class PingTargetManager(models.Manager["PingTarget"]):
    """Finds targets."""

    def hubs(self) -> tuple[str, ...]:
        """The WebSub hubs that are pinged, at which programs can therefore subscribe."""
        hubs = self.filter(is_on=True, kind=PingTarget.Kind.HUB)
        return tuple(hubs.values_list("address", flat=True)) if Pinging.objects.is_on() else ()


class PingTarget(models.Model):
    """Somebody who wants to know when the feed has changed, and the ping owed to them, if any."""

    class Kind(models.TextChoices):
        """How they want to be told."""

        AGGREGATOR = "form", _("aggregator (form)")
        HUB = "hub", _("WebSub hub (form)")
        XML_RPC = "xmlrpc", _("weblogUpdates.extendedPing (XML-RPC)")

    address = models.URLField(
        _("address"), unique=True, help_text=_("Such as https://top.example.org/ping/")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.AGGREGATOR)
    is_on = models.BooleanField(_("is pinged"), default=True)
    wanted_at = models.DateTimeField(null=True, editable=False)  # None: no ping is owed
    next_at = models.DateTimeField(_("next try"), null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("tries so far"), default=0, editable=False)
    sent_at = models.DateTimeField(_("last ping"), null=True, editable=False)
    answer = models.CharField(_("what went wrong"), max_length=200, blank=True, editable=False)

    objects = PingTargetManager()

    class Meta:
        verbose_name = _("site to ping")
        verbose_name_plural = _("sites to ping")

    def __str__(self) -> str:
        return self.address

    @property
    def state(self) -> str:
        """How it is with the last ping, in a word or two."""
        if self.wanted_at is not None:
            return str(_("trying again") if self.attempts else _("waiting"))
        if self.answer:
            return str(_("given up"))
        return str(_("taken") if self.sent_at else _("nothing sent yet"))
