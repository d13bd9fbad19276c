"""A feed from a stranger becomes checked values: clean texts, believable numbers, web addresses.

Nothing here asks anybody anything, and nothing of the feed's text is markup afterwards.
"""

import html
import re
import time
from calendar import timegm
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import ParseError

import feedparser
import nh3
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from installer.errors import PassalongError
from installer.formats.metainfo import MIME_TYPE
from server.site.outgoing import is_allowed
from server.site.words import one_line

from .models import URL_LENGTH

MOST_ENTRIES = 200
MOST_TEXT = 65_536
TITLE_LENGTH = 200
MOST_DOWNLOADS = 10**9
OLDEST = datetime(2000, 1, 1, tzinfo=UTC)
_INFO_HASH = re.compile(r"[0-9a-f]{40}")
_NUMBER = re.compile(r"[0-9]{1,30}")


class FeedError(PassalongError):
    """This is no feed that can be listed; says why for the admin."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One release of another site; the reported numbers are None when the feed says nothing."""

    info_hash: str
    title: str
    page_url: str
    torrent_url: str
    published_at: datetime
    reported_week: int | None
    reported_all: int


@dataclass(frozen=True, slots=True)
class Found:
    """A feed: what its site is called, the feed with its numbers, and its releases."""

    site_name: str
    popular_url: str
    entries: tuple[Entry, ...]


def read(content: bytes, url: str, now: datetime) -> Found:
    """Read the feed that was fetched from `url`; raises `FeedError`."""
    _check_xml(content)
    found = feedparser.parse(BytesIO(content), resolve_relative_uris=False)
    if found.bozo or not found.version:
        raise FeedError("This is not an RSS or Atom feed.")
    own = [link.get("href") for link in found.feed.get("links", []) if link.get("rel") == "self"]
    if own != [url]:
        # One feed has one address: else every "?x=1" behind it would be another feed.
        raise FeedError(f"The feed says that its own address is {own or 'unknown'}.")
    host = urlsplit(url).netloc
    entries = [_entry(each, host, now) for each in found.entries[:MOST_ENTRIES]]
    popular = _address(found.feed.get("passalong_popular", ""))
    return Found(
        site_name=plain(found.feed.get("title", ""))[:100],
        popular_url=popular if urlsplit(popular).netloc == host else "",
        entries=tuple(entry for entry in entries if entry is not None),
    )


def plain(text: object) -> str:
    """A stranger's text in one line, without markup."""
    cleaned = nh3.clean(str(text)[:MOST_TEXT], tags=set())
    return one_line(html.unescape(cleaned))


def number(text: object) -> int | None:
    """A stranger's number of downloads: never negative, never absurd; None if it is none."""
    cleaned = str(text).strip()
    return min(int(cleaned), MOST_DOWNLOADS) if _NUMBER.fullmatch(cleaned) else None


def _check_xml(content: bytes) -> None:
    # A document that declares entities is refused before a feed is looked for in it.
    try:
        fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise FeedError("This is not plain XML.") from error


def _entry(entry: Any, host: str, now: datetime) -> Entry | None:
    info_hash = str(entry.get("torrent_infohash") or entry.get("id") or "").strip().lower()
    page_url, torrent_url = _address(entry.get("link", "")), _torrent_url(entry)
    title = plain(entry.get("title", ""))[:TITLE_LENGTH]
    if not (_INFO_HASH.fullmatch(info_hash) and title and torrent_url):
        return None
    if urlsplit(page_url).netloc != host:  # A site speaks of its own pages only.
        return None
    return Entry(
        info_hash=info_hash,
        title=title,
        page_url=page_url,
        torrent_url=torrent_url,
        published_at=_date(entry.get("published_parsed"), now),
        reported_week=number(entry.get("passalong_downloads", "")),
        reported_all=number(entry.get("passalong_alldownloads", "")) or 0,
    )


def _torrent_url(entry: Any) -> str:
    for enclosure in entry.get("enclosures", []):
        if enclosure.get("type") == MIME_TYPE:
            return _address(enclosure.get("href", ""))
    return ""


def _address(text: object) -> str:
    url = str(text).strip()
    return url if len(url) <= URL_LENGTH and url.isprintable() and is_allowed(url) else ""


def _date(parsed: time.struct_time | None, now: datetime) -> datetime:
    try:
        date = datetime.fromtimestamp(timegm(parsed), UTC) if parsed else now
    except (ValueError, OverflowError, OSError):
        return now
    return min(max(date, OLDEST), now)
