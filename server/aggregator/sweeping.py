"""What is due now, and what is no longer needed. Switched off, nothing is due."""

from datetime import datetime, timedelta

from .measuring import forget_old_days
from .models import Aggregator, Claim, Feed, ForeignSite, ForeignTracker, Newcomers, Torrent

AT_ONCE = 200  # more wait for the next sweep
UNSEEN = timedelta(days=30)
NEVER_A_FEED = timedelta(days=7)


def feeds_due(now: datetime) -> list[int]:
    """The feeds to be fetched now."""
    if not Aggregator.objects.is_on():
        return []
    due = Feed.objects.filter(next_at__lte=now).exclude(site__state=ForeignSite.State.BLOCKED)
    return list(due.order_by("next_at").values_list("pk", flat=True)[:AT_ONCE])


def claims_due(now: datetime) -> list[int]:
    """The claims whose torrent file is to be fetched now."""
    if not Aggregator.objects.is_on():
        return []
    due = Claim.objects.filter(next_at__lte=now, site__state=ForeignSite.State.LISTED)
    return list(due.order_by("next_at").values_list("pk", flat=True)[:AT_ONCE])


def trackers_due(now: datetime) -> list[int]:
    """The trackers to be asked now."""
    if not Aggregator.objects.is_on():
        return []
    due = ForeignTracker.objects.filter(next_at__lte=now)
    return list(due.order_by("next_at").values_list("pk", flat=True)[:AT_ONCE])


def forget(now: datetime) -> None:
    """Drop claims that have left their feeds, what nobody claims, and what never was a feed."""
    Claim.objects.filter(seen_at__lt=now - UNSEEN).delete()
    Torrent.objects.filter(claims=None).delete()
    ForeignTracker.objects.filter(torrents=None).delete()
    Newcomers.objects.filter(hour__lt=now - timedelta(days=1)).delete()
    forget_old_days(now)
    Feed.objects.filter(
        next_at=None, read_at=None, asked_at__lt=now - NEVER_A_FEED, site__claims=None
    ).exclude(site__state=ForeignSite.State.BLOCKED).delete()
    ForeignSite.objects.filter(feeds=None, state=ForeignSite.State.WAITING).delete()
