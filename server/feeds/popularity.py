"""The most popular releases: which they are, as a feed and as JSON.

Ordered by the completed downloads of the last seven days, then by people who have it whole, then
the newer one first. Only what was downloaded in these days is in the list.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from server.catalog import counting
from server.catalog.models import Release
from server.site.models import Site
from server.site.rss import Channel, Item

from .services import item_of

PLACES = 40
WINDOW = timedelta(days=7)
WINDOW_NAME = "P7D"  # ISO 8601, for programs


@dataclass(frozen=True, slots=True)
class Place:
    """A release and its place in the list; `downloads` are those of the window."""

    rank: int
    release: Release
    downloads: int
    all_downloads: int

    @property
    def numbers(self) -> dict[str, str | int]:
        """What the feed and the JSON say, under the names in which both say it."""
        return {
            "rank": self.rank,
            "downloads": self.downloads,
            "allDownloads": self.all_downloads,
            "seeds": self.release.swarm.complete,
            "peers": self.release.swarm.incomplete,
            "window": WINDOW_NAME,
        }


def most_popular(now: datetime) -> list[Place]:
    """The list, best first."""
    downloads = counting.most_downloaded_since(now - WINDOW, PLACES)
    releases = Release.objects.visible().with_torrent_sizes().filter(pk__in=downloads)
    ordered = sorted(
        releases,
        key=lambda each: (downloads[each.pk], each.swarm.complete, each.published_at),
        reverse=True,
    )
    return [
        Place(rank, release, downloads[release.pk], release.swarm.downloaded)
        for rank, release in enumerate(ordered, start=1)
    ]


def popular(now: datetime) -> Channel:
    """The list as a feed."""
    site = Site.objects.current()
    with override(settings.LANGUAGE_CODE):
        title = _("%(site)s: most popular") % {"site": site.name}
        description = _("Downloaded most often in the last 7 days, best first")
    return Channel(
        title=title,
        description=description,
        page_url=site.url("/"),
        feed_url=site.url(reverse("feeds:popular")),
        items=tuple(_item(place, site) for place in most_popular(now)),
        language=settings.LANGUAGE_CODE,
        extras={"window": WINDOW_NAME},
        is_timed=True,
    )


def statistics(now: datetime) -> dict[str, object]:
    """The same list for programs that read JSON, and the site's own totals."""
    site = Site.objects.current()
    return {
        "site": site.name,
        "url": site.url("/"),
        "window": WINDOW_NAME,
        "asOf": now.replace(microsecond=0).isoformat(),
        "bytesPassedAlong": counting.bytes_passed_along(),
        "popular": [
            {
                "title": place.release.title,
                "url": site.url(place.release.get_absolute_url()),
                "torrent": site.url(place.release.torrent_path),
                "infoHash": place.release.info_hash,
                "bytes": place.release.total_size,
                **place.numbers,
            }
            for place in most_popular(now)
        ],
    }


def _item(place: Place, site: Site) -> Item:
    item = item_of(place.release, site)
    numbers = {name: str(number) for name, number in place.numbers.items()}
    item.torrent.update(seeds=numbers.pop("seeds"), peers=numbers.pop("peers"))
    item.passalong.update(numbers)
    return item
