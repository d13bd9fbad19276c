"""Downloads over time: what the tracker's totals were the last time somebody looked, hour by hour.

The tracker counts a completed download once per peer and only ever knows totals. What was added
since the last look belongs to the hour of this look. Every download moved the whole release; what
of it did not come from the site's own copy is what the peers carried for the site.
"""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from .models import DownloadsCounted, DownloadsPerDay, DownloadsPerHour, Release

HOURS_KEPT = timedelta(days=8)
RELEASES_AT_ONCE = 500
MOST_BYTES = 2**56  # A torrent may claim any size, and the database must be able to add them up.


def count_downloads(now: datetime) -> int:
    """Write down the downloads since the last look; how many there were. Safe to run twice."""
    swarm_total = F("swarm__downloaded")
    grown = Release.objects.filter(
        Q(counted=None, swarm__downloaded__gt=0) | Q(counted__completed__lt=swarm_total)
    )
    keys = list(grown.order_by("pk").values_list("pk", flat=True))
    parts = (keys[at : at + RELEASES_AT_ONCE] for at in range(0, len(keys), RELEASES_AT_ONCE))
    return sum(_count(part, now) for part in parts)


def forget_old_hours(now: datetime) -> int:
    """Drop the hours that no list looks at any more; the days stay. How many rows went."""
    return DownloadsPerHour.objects.filter(hour__lt=now - HOURS_KEPT).delete()[0]


def most_downloaded_since(moment: datetime, number: int) -> dict[int, int]:
    """The visible releases with most downloads since the full hour of `moment`, best first.

    By primary key, each with its completed downloads in that time.
    """
    hours = DownloadsPerHour.objects.filter(hour__gte=_hour(moment), release__is_hidden=False)
    sums = hours.order_by().values("release_id").annotate(completed=Sum("completed"))
    best = sums.order_by("-completed", "-release__swarm__complete", "-release__published_at")
    return dict(best.values_list("release_id", "completed")[:number])


def bytes_passed_along() -> int:
    """What all releases' peers have carried instead of the site, since the beginning."""
    total = DownloadsCounted.objects.aggregate(
        all=Coalesce(Sum("passed_along"), 0, output_field=models.BigIntegerField())
    )
    return int(total["all"])


@transaction.atomic
def _count(keys: list[int], now: datetime) -> int:
    DownloadsCounted.objects.bulk_create(
        [DownloadsCounted(release_id=key) for key in keys], ignore_conflicts=True
    )
    rows = DownloadsCounted.objects.filter(pk__in=keys).order_by("pk")
    added = 0
    # Locked, so that a second counter waits for this one and then finds nothing left to add.
    for counted in rows.select_related("release__swarm").select_for_update(of=("self",)):
        release = counted.release
        completed = release.swarm.downloaded - counted.completed
        if completed > 0:
            hour, _ = DownloadsPerHour.objects.get_or_create(release=release, hour=_hour(now))
            day, _ = DownloadsPerDay.objects.get_or_create(release=release, day=now.date())
            carried = completed * release.total_size
            by_site = min(carried, max(0, release.carried_by_site - counted.carried_by_site))
            counted.carried_by_site += by_site
            for row in (counted, hour, day):
                row.completed += completed
                row.passed_along += carried - by_site
                row.passed_along = min(row.passed_along, MOST_BYTES)
                row.save()
            added += completed
    return added


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
