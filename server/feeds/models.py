"""What has to be remembered of a feed: what was in it, and since when."""

from datetime import datetime, timedelta

from django.db import models, transaction


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

    path = models.CharField(max_length=255, primary_key=True)
    digest = models.CharField(max_length=64)
    changed_at = models.DateTimeField()

    objects = PublishedFeedManager()

    def __str__(self) -> str:
        return self.path
