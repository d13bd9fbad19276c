"""RSS 2.0 with torrent enclosures (BEP 36), in the one form that all tested programs read right.

Knows neither requests nor the database: a `Channel` goes in, XML comes out. What bites:

- qBittorrent compares element names without their namespace, and the last one wins. So an item
  has RSS's own elements first and then only names that RSS does not have; never `media:title`,
  `dc:title`, `atom:link` or the like.
- It takes the enclosure only with the type `application/x-bittorrent`, and skips the whole feed
  while `lastBuildDate` stays the same.
- `ttl` counts minutes in RSS and seconds in BEP 36; 30 is harmless both ways.
- The enclosure's length is that of the torrent file, not of what it describes.
- Podcast apps take no torrent: in a feed for them the enclosure is the file that they play, and
  `podcasting` says where the torrent stands. qBittorrent finds nothing to download there.
- One control character would make the whole feed unreadable, so texts are cleaned here again.
"""

from dataclasses import dataclass, field
from datetime import datetime
from io import StringIO
from typing import Any

from django.utils.feedgenerator import Enclosure, Rss201rev2Feed
from django.utils.xmlutils import SimplerXMLGenerator

from installer.formats.metainfo import MIME_TYPE

from . import podcasting
from .podcasting import Media, Podcast
from .words import one_line, paragraphs

CONTENT_TYPE = "application/rss+xml; charset=utf-8"
EZRSS = "http://xmlns.ezrss.it/0.1/"
PASSALONG = "urn:passalong:statistics:1"
MINUTES_TO_LIVE = 30


@dataclass(frozen=True, slots=True)
class Item:
    """One release in a feed. Addresses are absolute; `torrent` and `passalong` are our extras.

    The description is HTML, since readers take it as that, and has to be safe already.
    """

    title: str
    description: str
    page_url: str
    torrent_url: str
    torrent_bytes: int
    info_hash: str
    published_at: datetime
    category: str = ""
    torrent: dict[str, str] = field(default_factory=dict)
    passalong: dict[str, str] = field(default_factory=dict)
    media: Media | None = None  # makes it an episode


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed: its words, its own address, and its items in their order."""

    title: str
    description: str
    page_url: str
    feed_url: str
    items: tuple[Item, ...]
    language: str = "en"
    extras: dict[str, str] = field(default_factory=dict)
    hubs: tuple[str, ...] = ()  # where programs can subscribe (WebSub)
    is_timed: bool = False  # whether it says since when its numbers are so
    podcast: Podcast | None = None


def write(channel: Channel, changed_at: datetime) -> bytes:
    """The feed as XML; the same channel and moment give the same bytes."""
    feed = _TorrentFeed(
        title=one_line(channel.title),
        link=channel.page_url,
        description=one_line(channel.description),
        language=channel.language,
        feed_url=channel.feed_url,
        ttl=MINUTES_TO_LIVE,
        changed_at=changed_at,
        hubs=channel.hubs,
        podcast=channel.podcast,
        extras={**channel.extras, "asOf": changed_at.isoformat()}
        if channel.is_timed
        else channel.extras,
    )
    for item in channel.items:
        feed.add_item(
            title=one_line(item.title) or item.info_hash,
            link=item.page_url,
            description=paragraphs(item.description),
            unique_id=item.info_hash,
            unique_id_is_permalink=False,
            pubdate=item.published_at,
            categories=[one_line(item.category)] if item.category else [],
            enclosures=[_enclosure(item)],
            torrent=item.torrent,
            passalong=item.passalong,
            media=item.media,
            torrent_url=item.torrent_url,
        )
    text = StringIO()
    feed.write(text, "utf-8")
    return text.getvalue().encode()


def _enclosure(item: Item) -> Enclosure:
    if item.media:
        return Enclosure(item.media.url, str(item.media.size_bytes), item.media.mime_type)
    return Enclosure(item.torrent_url, str(item.torrent_bytes), MIME_TYPE)


class _TorrentFeed(Rss201rev2Feed):
    """Django's RSS with our two namespaces, and those of podcasts, behind its own elements."""

    def rss_attributes(self) -> dict[str, str]:
        ours = {"xmlns:torrent": EZRSS, "xmlns:passalong": PASSALONG}
        of_podcasts = podcasting.NAMESPACES if self.feed["podcast"] else {}
        return {**super().rss_attributes(), **ours, **of_podcasts}

    def latest_post_date(self) -> datetime:
        changed_at: datetime = self.feed["changed_at"]
        return changed_at

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        for hub in self.feed["hubs"]:
            handler.addQuickElement("atom:link", None, {"rel": "hub", "href": hub})
        if self.feed["podcast"]:
            podcasting.add_to_channel(handler, self.feed["podcast"], self.feed["feed_url"])
        _add_all(handler, "passalong", self.feed["extras"])

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        _add_all(handler, "torrent", item["torrent"])
        _add_all(handler, "passalong", item["passalong"])
        if item["media"]:
            podcasting.add_to_item(handler, item["media"], item["torrent_url"])


def _add_all(handler: SimplerXMLGenerator, prefix: str, elements: dict[str, str]) -> None:
    for name, text in elements.items():
        handler.addQuickElement(f"{prefix}:{name}", one_line(text))
