"""What podcast apps read beside RSS: elements of Apple's and of the podcast namespace.

- `podcast:alternateEnclosure` is about the media file, whatever carries it: `type` and `length` are
  the file's, and only the `podcast:source` says that it leads to a torrent. gPodder, for one, takes
  no enclosure whose type begins with `application/`.
- An app that prefers it to the plain enclosure may look at its first source only, so the file
  itself comes before the torrent.
- Apple wants a cover and a word on explicit language with every podcast. Nobody says that of a
  release, so all are said to be fit for everybody, as is usual.

https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md
"""

from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID, uuid5
from xml.sax.xmlreader import AttributesImpl

from django.utils.xmlutils import SimplerXMLGenerator

from installer.formats.metainfo import MIME_TYPE

from .words import one_line

NAMESPACES = {
    "xmlns:itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "xmlns:podcast": "https://podcastindex.org/namespace/1.0",
}
_GUIDS = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")


@dataclass(frozen=True, slots=True)
class Podcast:
    """What a channel is to podcast apps."""

    author: str
    cover_url: str


@dataclass(frozen=True, slots=True)
class Media:
    """The file that is played, and a picture for it if there is one."""

    url: str
    size_bytes: int
    mime_type: str
    picture_url: str = ""


def add_to_channel(handler: SimplerXMLGenerator, podcast: Podcast, feed_url: str) -> None:
    """Write what stands once in the feed."""
    handler.addQuickElement("itunes:author", one_line(podcast.author))
    handler.addQuickElement("itunes:explicit", "false")
    handler.addQuickElement("itunes:type", "episodic")
    handler.addQuickElement("itunes:image", None, {"href": podcast.cover_url})
    handler.addQuickElement("podcast:guid", str(guid_of(feed_url)))


def add_to_item(handler: SimplerXMLGenerator, media: Media, torrent_url: str) -> None:
    """Write where the file can be had besides; the enclosure is there already."""
    if media.picture_url:
        handler.addQuickElement("itunes:image", None, {"href": media.picture_url})
    size = str(media.size_bytes)
    same_file = {"type": media.mime_type, "length": size, "default": "true"}
    handler.startElement("podcast:alternateEnclosure", AttributesImpl(same_file))
    handler.addQuickElement("podcast:source", None, {"uri": media.url})
    torrent = {"uri": torrent_url, "contentType": MIME_TYPE}
    handler.addQuickElement("podcast:source", None, torrent)
    handler.endElement("podcast:alternateEnclosure")


def guid_of(feed_url: str) -> UUID:
    """The name of a podcast in the whole world: made from its address without the scheme."""
    parts = urlsplit(feed_url)
    return uuid5(_GUIDS, (parts.netloc + parts.path).rstrip("/"))
