"""Feeds from strangers: what is believed of them, and what is refused."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from server.aggregator.reading import MOST_DOWNLOADS, Entry, FeedError, read
from server.site import rss
from server.site.rss import Channel, Item
from tests.server.factories import NOON

URL = "https://films.example/feed.xml"
ITEM = Item(
    title="Film",
    description="",
    page_url="https://films.example/film/",
    torrent_url="https://files.example/film.torrent",
    torrent_bytes=100,
    info_hash="ab" * 20,
    published_at=NOON,
)


def feed(item: Item = ITEM, url: str = URL) -> bytes:
    return rss.write(Channel("Films", "", "https://films.example/", url, (item,)), NOON)


def entry(content: bytes) -> Entry:
    (found,) = read(content, URL, NOON).entries
    return found


def test_reads_the_feed_of_a_site_like_ours() -> None:
    found = read(feed(replace(ITEM, passalong={"downloads": "5", "allDownloads": "9"})), URL, NOON)
    assert found.site_name == "Films"
    assert found.entries == (Entry("ab" * 20, "Film", ITEM.page_url, ITEM.torrent_url, NOON, 5, 9),)


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"<html></html>", b"{}", b"\x00" * 100, feed()[:-20]),
        b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss>&b;</rss>',
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0">&x;</rss>',
        feed().replace(b'encoding="utf-8"', b'encoding="utf-7"'),
        feed().replace(b'encoding="utf-8"', b'encoding="utf-16"'),
        feed(url="https://films.example/feed.xml?x=1"),
        feed(url="https://elsewhere.example/feed.xml"),
    ],
)
def test_refuses_what_is_no_feed_of_this_address(content: bytes) -> None:
    with pytest.raises(FeedError):
        read(content, URL, NOON)


@pytest.mark.parametrize(
    "item",
    [
        replace(ITEM, page_url="javascript:alert(1)"),
        replace(ITEM, page_url="https://elsewhere.example/film/"),
        replace(ITEM, torrent_url="javascript:alert(1)"),
        replace(ITEM, torrent_url="http://127.0.0.1/film.torrent"),
        replace(ITEM, torrent_url="file:///etc/passwd"),
        replace(ITEM, info_hash="film-1"),
        replace(ITEM, info_hash="ab" * 20 + "\n"),
    ],
)
def test_leaves_out_entries_with_wrong_addresses(item: Item, settings: Settings) -> None:
    assert all(each.info_hash == "ab" * 20 for each in read(feed(item), URL, NOON).entries)
    if item.info_hash == ITEM.info_hash:
        assert not read(feed(item), URL, NOON).entries


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("<b>Film</b>", "Film"),
        ("<script>alert(1)</script>Film", "Film"),
        ('"><img src=x onerror=x>', '">'),
        ("Fish & Chips", "Fish & Chips"),
        ("a\u202eb\u200bc", "abc"),
        ("x" * 300, "x" * 200),
    ],
)
def test_titles_become_plain_text(title: str, shown: str) -> None:
    assert entry(feed(replace(ITEM, title=title))).title == shown


@pytest.mark.parametrize(
    ("said", "believed"),
    [("1" * 19, MOST_DOWNLOADS), ("9" * 5_000, None), ("-5", None), ("NaN", None), ("٣", None)],
)
def test_numbers_are_clamped_or_not_believed(said: str, believed: int | None) -> None:
    item = replace(ITEM, passalong={"downloads": said})
    assert entry(feed(item)).reported_week == believed


@pytest.mark.parametrize(
    ("said", "believed"),
    [
        (datetime(2099, 1, 1, tzinfo=UTC), NOON),
        (datetime(1901, 1, 1, tzinfo=UTC), datetime(2000, 1, 1, tzinfo=UTC)),
    ],
)
def test_dates_are_clamped(said: datetime, believed: datetime) -> None:
    assert entry(feed(replace(ITEM, published_at=said))).published_at == believed


def test_reads_no_more_than_200_entries() -> None:
    items = tuple(replace(ITEM, info_hash=f"{number:040x}") for number in range(250))
    content = rss.write(Channel("Films", "", "https://films.example/", URL, items), NOON)
    assert len(read(content, URL, NOON).entries) == 200
