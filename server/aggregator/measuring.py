"""Counting for ourselves: which tracker is asked about what, and what its answer changes."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max

from server.site.internet import OutgoingError

from .models import FirstOfDay, ForeignSite, ForeignTracker, Measurement, Torrent
from .scraping import Numbers, scrape

BETWEEN_SCRAPES = timedelta(minutes=30)
TORRENTS_A_QUESTION = 50
TORRENTS_A_ROUND = 100
DAYS_KEPT = timedelta(days=8)


def ask_tracker(key: int, now: datetime) -> None:
    """Ask a tracker that is due about the torrents that were longest not asked about."""
    tracker = ForeignTracker.take(key, now)
    if tracker is None:
        return
    listed = Torrent.objects.filter(
        claims__is_right=True, claims__site__state=ForeignSite.State.LISTED
    )
    known = Measurement.objects.filter(tracker=tracker, torrent__in=listed)
    longest_ago = known.order_by(F("asked_at").asc(nulls_first=True), "pk")
    rows = list(longest_ago.values_list("pk", "torrent__info_hash")[:TORRENTS_A_ROUND])
    try:
        for at in range(0, len(rows), TORRENTS_A_QUESTION):
            _ask(tracker, dict(rows[at : at + TORRENTS_A_QUESTION]), now)
    except OutgoingError as error:
        tracker.failed(str(error), now)
    else:
        tracker.succeeded(next_at=now + BETWEEN_SCRAPES)


def _ask(tracker: ForeignTracker, asked: dict[int, str], now: datetime) -> None:
    found = scrape(tracker.url, [bytes.fromhex(each) for each in asked.values()])
    with transaction.atomic():
        Measurement.objects.filter(pk__in=asked).update(asked_at=now)
        for key, info_hash in asked.items():
            numbers = found.get(bytes.fromhex(info_hash))
            if numbers is not None:
                _note(key, info_hash, numbers, now)


def _note(key: int, info_hash: str, numbers: Numbers, now: datetime) -> None:
    Measurement.objects.filter(pk=key).update(
        seeds=numbers.seeds, peers=numbers.peers, completed=numbers.completed
    )
    torrent = Torrent.objects.get(info_hash=info_hash)
    # The same people announce to all trackers of a torrent, so the numbers are not added.
    names = ("seeds", "peers", "completed")
    most = torrent.measurements.aggregate(**{name: Max(name) for name in names})
    Torrent.objects.filter(pk=torrent.pk).update(measured_at=now, **most)
    FirstOfDay.objects.get_or_create(
        torrent=torrent, day=now.date(), defaults={"completed": most["completed"]}
    )


def forget_old_days(now: datetime) -> None:
    """Drop the totals that no window looks at any more."""
    FirstOfDay.objects.filter(day__lt=(now - DAYS_KEPT).date()).delete()
