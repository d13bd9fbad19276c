"""What becomes of a ping: at most a look at the feed, soon. It is a hint and is never believed.

Whoever pings gets the same answer whether or not anything comes of it.
"""

import logging
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from server.site.outgoing import is_allowed
from server.site.waking import wake

from .models import URL_LENGTH, Aggregator, Feed, ForeignSite, Newcomers

log = logging.getLogger(__name__)

FETCH_FEEDS = "server.aggregator.tasks.fetch_feeds"
BETWEEN_FETCHES = timedelta(minutes=10)
NEW_FEEDS_AN_HOUR = 10
MOST_FEEDS_WAITING = 500


def take(url: str, sender: str, now: datetime) -> None:
    """Look at a feed soon because somebody at the address `sender` says that it has changed."""
    if len(url) > URL_LENGTH or not url.isprintable() or not is_allowed(url):
        log.info("A ping names an address that is not asked: %.100r", url)
        return
    feed = Feed.objects.select_related("site").filter(url=url).first()
    if feed is None:
        _take_new(url, sender, now)
    elif feed.site.state != ForeignSite.State.BLOCKED:
        look_soon(feed, now)


def look_soon(feed: Feed, now: datetime, *, at_once: bool = False) -> None:
    """Fetch a feed as soon as it may be: never twice in ten minutes, however often one asks."""
    soon = now if at_once or feed.asked_at is None else max(now, feed.asked_at + BETWEEN_FETCHES)
    if feed.next_at is not None and feed.next_at <= soon:
        return
    Feed.objects.filter(pk=feed.pk).update(next_at=soon, attempts=0)
    if soon <= now:
        wake(FETCH_FEEDS)


@transaction.atomic
def add_feed(url: str, now: datetime) -> Feed:
    """Note a feed that nobody here knew, and its site; it is fetched at once."""
    first = {"state": Aggregator.objects.first_state(), "first_seen_at": now}
    site, _ = ForeignSite.objects.get_or_create(host=urlsplit(url).netloc.lower(), defaults=first)
    is_wanted = site.state != ForeignSite.State.BLOCKED
    feed, is_new = Feed.objects.get_or_create(
        url=url, defaults={"site": site, "next_at": now if is_wanted else None}
    )
    if is_new and is_wanted:
        wake(FETCH_FEEDS)
    return feed


def _take_new(url: str, sender: str, now: datetime) -> None:
    if Feed.objects.filter(asked_at=None).count() >= MOST_FEEDS_WAITING:
        log.warning("Too many new feeds wait already; a ping was dropped.")
    elif not _may_name_another(sender, now):
        log.info("Somebody names too many new feeds; a ping was dropped.")
    else:
        add_feed(url, now)


def _may_name_another(sender: str, now: datetime) -> bool:
    key = salted_hmac("server.aggregator.pings", sender, algorithm="sha256").hexdigest()
    hour = now.replace(minute=0, second=0, microsecond=0)
    Newcomers.objects.get_or_create(sender=key, hour=hour)
    allowed = Newcomers.objects.filter(sender=key, hour=hour, number__lt=NEW_FEEDS_AN_HOUR)
    return bool(allowed.update(number=F("number") + 1))
