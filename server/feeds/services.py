"""Which releases stand in which feed, and what a feed says of each."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from server.accounts.models import User
from server.catalog.describing import as_html
from server.catalog.models import Category, Release
from server.catalog.playing import playable_releases
from server.catalog.querying import ReleaseQuerySet
from server.catalog.services import magnet_link, torrent_size
from server.site import rss
from server.site.models import Site
from server.site.rss import Channel, Item

from .models import PingTarget, PublishedFeed

NEWEST = 50  # qBittorrent keeps no more
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed ready to be sent."""

    content: bytes
    digest: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """Where a feed is, what it is called, and the page that shows the same to people."""

    title: str
    page_url: str
    feed_url: str


def everything() -> Channel:
    """The newest releases."""
    site = Site.objects.current()
    return _newest(Release.objects.all(), site.name, site, "/", reverse("feeds:everything"))


def of_category(category: Category) -> Channel:
    """The newest releases on one shelf."""
    site = Site.objects.current()
    return _newest(
        Release.objects.filter(category=category),
        f"{site.name}: {category.name}",
        site,
        f"/?category={category.slug}",
        reverse("feeds:category", args=[category.slug]),
    )


def of_publisher(publisher: User) -> Channel:
    """The newest releases of one publisher."""
    site, name = Site.objects.current(), publisher.get_username()
    return _newest(
        Release.objects.filter(publisher=publisher),
        f"{site.name}: {name}",
        site,
        "/",
        reverse("feeds:publisher", args=[name]),
    )


def feeds_of_the_site() -> list[FeedAddress]:
    """Every feed except those of single publishers, as people choose among them."""
    site = Site.objects.current()

    def address(title: str, page: str, feed_path: str) -> FeedAddress:
        return FeedAddress(title, site.url(page), site.url(feed_path))

    found = [
        address(_("Everything new"), "/", reverse("feeds:everything")),
        address(_("Most popular"), "/", reverse("feeds:popular")),
    ]
    for each in Category.objects.all():
        path = reverse("feeds:category", args=[each.slug])
        found.append(address(each.name, f"/?category={each.slug}", path))
    if playable_releases().exists():
        found.append(address(_("For podcast apps"), "/", reverse("feeds:podcast")))
    return found


def publish(channel: Channel, now: datetime) -> Feed:
    """The feed with the moment of its last change, which is remembered."""
    digest = hashlib.sha256(rss.write(channel, NEVER)).hexdigest()
    changed_at = PublishedFeed.objects.changed_at(channel.feed_url, digest, now)
    return Feed(rss.write(channel, changed_at), digest, changed_at)


def item_of(release: Release, site: Site) -> Item:
    """What every feed says of a release; it must come from `with_torrent_sizes`."""
    page_url = site.url(release.get_absolute_url())
    return Item(
        title=release.title,
        description=as_html(release.description, page_url),
        page_url=page_url,
        torrent_url=site.url(release.torrent_path),
        torrent_bytes=torrent_size(release, site),
        info_hash=release.info_hash,
        published_at=release.published_at,
        category=release.category.name if release.category else "",
        torrent={
            "infoHash": release.info_hash,
            "contentLength": str(release.total_size),
            "fileName": f"{release.slug}.torrent",
            "magnetURI": magnet_link(release, site),
        },
    )


def _newest(
    releases: ReleaseQuerySet, title: str, site: Site, page: str, feed_path: str
) -> Channel:
    # One feed for everybody: in the site's language, whoever asks.
    with override(settings.LANGUAGE_CODE):
        description = _("New downloads from %(site)s") % {"site": site.name}
    found = releases.visible().with_torrent_sizes()[:NEWEST]
    return Channel(
        title=title,
        description=description,
        page_url=site.url(page),
        feed_url=site.url(feed_path),
        items=tuple(item_of(release, site) for release in found),
        language=settings.LANGUAGE_CODE,
        hubs=PingTarget.objects.hubs() if feed_path == reverse("feeds:everything") else (),
        extras={"popular": site.url(reverse("feeds:popular"))},
    )
