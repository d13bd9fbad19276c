"""Fetching other sites' feeds, and their torrent files once to see that they are what they say."""

from datetime import datetime, timedelta

from django.db import transaction

from installer.errors import PassalongError
from installer.formats import metainfo
from installer.formats.metainfo import Limits, Metainfo
from server.site.outgoing import Question, ask, is_allowed
from server.site.waking import wake

from .models import URL_LENGTH, Claim, Feed, ForeignSite, ForeignTracker, Measurement, Torrent
from .pings import add_feed, look_soon
from .reading import Entry, FeedError, Found, read

CHECK_CLAIMS = "server.aggregator.tasks.check_claims"
BETWEEN_LOOKS = timedelta(hours=1)
WHOLE_FEED_EVERY = timedelta(days=1)
MOST_CLAIMS = 400  # of one site
MOST_FEEDS = 5  # of one site
MOST_TRACKERS = 5  # of one torrent
TORRENT_BYTES = 5_000_000
FEED_TYPES = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9"


def fetch_feed(key: int, now: datetime) -> None:
    """Fetch a feed that is due, and note what its site offers."""
    feed = Feed.take(key, now)
    if feed is None:
        return
    Feed.objects.filter(pk=key).update(asked_at=now)
    if Feed.objects.filter(pk=key, site__state=ForeignSite.State.BLOCKED).exists():
        feed.succeeded(next_at=None)
        return
    try:
        _fetch(feed, now)
    except PassalongError as error:
        feed.failed(str(error), now)
    else:
        feed.succeeded(next_at=now + BETWEEN_LOOKS)


def check_claim(key: int, now: datetime) -> None:
    """Fetch the torrent file that a site names, and see that it is the one it says it is."""
    claim = Claim.take(key, now)
    if claim is None:
        return
    try:
        answer = ask(Question(claim.torrent_url, most_bytes=TORRENT_BYTES))
        if answer.status != 200:
            raise FeedError(f"The torrent file's address answered {answer.status}.")
        torrent = metainfo.read(answer.content, Limits(torrent_bytes=TORRENT_BYTES))
        if torrent.info_hash.hex() != claim.torrent.info_hash:
            raise FeedError("The torrent file is another one.")
    except PassalongError as error:
        claim.failed(str(error), now)
        return
    _note_trackers(claim.torrent, torrent, now)
    Torrent.objects.filter(pk=claim.torrent_id).update(total_size=torrent.total_size)
    Claim.objects.filter(pk=key).update(is_right=True, torrent_bytes=len(answer.content))
    claim.succeeded(next_at=None)


def approve(site: ForeignSite, now: datetime) -> None:
    """Let a site take part, and check what it has claimed so far."""
    ForeignSite.objects.filter(pk=site.pk).update(state=ForeignSite.State.LISTED)
    Claim.objects.filter(site=site, is_right=False).update(next_at=now, attempts=0)
    for feed in site.feeds.all():
        look_soon(feed, now, at_once=True)


def block(site: ForeignSite) -> None:
    """Never show this site again, nor ask it anything."""
    ForeignSite.objects.filter(pk=site.pk).update(state=ForeignSite.State.BLOCKED)
    site.feeds.update(next_at=None)
    site.claims.update(next_at=None)


def _fetch(feed: Feed, now: datetime) -> None:
    # Once a day the whole feed, so that what is still in it is seen.
    is_fresh = feed.read_at is not None and feed.read_at > now - WHOLE_FEED_EVERY
    known = {"If-None-Match": feed.etag, "If-Modified-Since": feed.modified} if is_fresh else {}
    headers = {name: value for name, value in known.items() if value}
    answer = ask(Question(feed.url, headers={"Accept": FEED_TYPES, **headers}))
    if answer.status == 304:
        return
    if answer.status != 200:
        raise FeedError(f"The feed's address answered {answer.status}.")
    _note(feed, read(answer.content, feed.url, now), now)
    Feed.objects.filter(pk=feed.pk).update(
        read_at=now,
        etag=_short(answer.headers.get("ETag", ""), 200),
        modified=_short(answer.headers.get("Last-Modified", ""), 100),
    )


def _note(feed: Feed, found: Found, now: datetime) -> None:
    site = feed.site
    ForeignSite.objects.filter(pk=site.pk, name="").update(name=found.site_name)
    if found.popular_url and site.feeds.count() < MOST_FEEDS:
        add_feed(found.popular_url, now)
    for entry in found.entries:
        _note_entry(site, entry, now)


@transaction.atomic
def _note_entry(site: ForeignSite, entry: Entry, now: datetime) -> None:
    torrent = Torrent.objects.filter(info_hash=entry.info_hash).first()
    claim = Claim.objects.filter(site=site, torrent=torrent).first() if torrent else None
    if claim is None:
        if site.claims.count() >= MOST_CLAIMS:
            return
        torrent = torrent or Torrent.objects.create(info_hash=entry.info_hash)
        claim = Claim(site=site, torrent=torrent, published_at=entry.published_at)
    if claim.torrent_url != entry.torrent_url:
        claim.torrent_url, claim.is_right, claim.attempts = entry.torrent_url, False, 0
        claim.next_at = now if site.state == ForeignSite.State.LISTED else None
    claim.title, claim.page_url, claim.seen_at = entry.title, entry.page_url, now
    if entry.reported_week is not None:
        claim.reported_week, claim.reported_all = entry.reported_week, entry.reported_all
        claim.reported_at = now
    claim.save()
    if claim.next_at == now:
        wake(CHECK_CLAIMS)


def _note_trackers(torrent: Torrent, content: Metainfo, now: datetime) -> None:
    urls = [url for tier in content.announce for url in tier if _is_tracker(url)]
    for url in list(dict.fromkeys(urls))[:MOST_TRACKERS]:
        tracker, _ = ForeignTracker.objects.get_or_create(url=url, defaults={"next_at": now})
        Measurement.objects.get_or_create(tracker=tracker, torrent=torrent)


def _is_tracker(url: str) -> bool:
    web = url.replace("udp://", "http://", 1)
    return len(url) <= URL_LENGTH and is_allowed(web, any_unprivileged_port=True)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else ""
