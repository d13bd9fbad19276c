"""The Top 40 as a feed and as JSON, and the list of the sites that take part."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import override

from installer.formats import magnet
from server.site.models import Site
from server.site.rss import Channel, Item

from .models import Feed, ForeignSite
from .ranking import Place, Window


@dataclass(frozen=True, slots=True)
class ListedFeed:
    """A feed of a site that takes part."""

    title: str
    page_url: str
    feed_url: str


def channel(places: Sequence[Place], window: Window) -> Channel:
    """The list as a feed."""
    site = Site.objects.current()
    with override(settings.LANGUAGE_CODE):
        title = _("%(site)s: Top 40") % {"site": site.name}
        description = _("What is downloaded most on many sites, best first")
    query = "" if window is Window.WEEK else "?window=all"
    return Channel(
        title=title,
        description=description,
        page_url=site.url(reverse("aggregator:top") + query),
        feed_url=site.url(reverse("aggregator:top_feed") + query),
        items=tuple(_item(place, window) for place in places),
        language=settings.LANGUAGE_CODE,
        extras={"window": window.value},
    )


def entries(places: Sequence[Place], window: Window) -> list[dict[str, object]]:
    """The list for programs that read JSON."""
    return [
        {
            "title": place.source.title,
            "url": place.source.page_url,
            "torrent": place.source.torrent_url,
            "infoHash": place.torrent.info_hash,
            "bytes": place.torrent.total_size,
            "seeds": place.torrent.seeds,
            "peers": place.torrent.peers,
            "sites": [str(each.site) for each in place.sources],
            **_numbers(place, window),
        }
        for place in places
    ]


def list_of_sites() -> list[ListedFeed]:
    """The feeds of all sites that take part."""
    listed = Feed.objects.filter(site__state=ForeignSite.State.LISTED).exclude(read_at=None)
    return [
        ListedFeed(str(feed.site), f"{feed.url.split(':')[0]}://{feed.site.host}/", feed.url)
        for feed in listed.select_related("site").order_by("site__name", "url")
    ]


def _item(place: Place, window: Window) -> Item:
    claim, torrent = place.source, place.torrent
    link = magnet.Magnet(
        info_hash=bytes.fromhex(torrent.info_hash),
        info_hash_v2=None,
        name=claim.title,
        trackers=(),
        size=torrent.total_size,
    )
    return Item(
        title=claim.title,
        description=escape(", ".join(str(each.site) for each in place.sources)),
        page_url=claim.page_url,
        torrent_url=claim.torrent_url,
        torrent_bytes=claim.torrent_bytes,
        info_hash=torrent.info_hash,
        published_at=claim.published_at,
        torrent={
            "infoHash": torrent.info_hash,
            "contentLength": str(torrent.total_size),
            "magnetURI": magnet.write(link),
            "seeds": str(torrent.seeds),
            "peers": str(torrent.peers),
        },
        passalong={name: str(value) for name, value in _numbers(place, window).items()},
    )


def _numbers(place: Place, window: Window) -> dict[str, str | int]:
    return {
        "rank": place.rank,
        "downloads": place.downloads,
        "counted": "reported" if place.is_reported else "measured",
        "window": window.value,
    }
