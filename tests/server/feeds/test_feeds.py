"""The feeds as programs read them, with each trap that a real program has fallen into."""

from datetime import timedelta
from typing import Any
from xml.etree.ElementTree import fromstring

import feedparser
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from server.catalog.models import Category, Release
from server.catalog.services import set_hidden
from server.feeds.models import PublishedFeed
from tests.server import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("programs")]

ADDRESS = "https://films.example"
NASTY = [
    "<script>alert(1)</script>",
    "]]>",
    "{{7*7}}",
    '"><img src=x onerror=x>',
    "a & b",
    "\u202eexe",
]
# qBittorrent compares these without their namespace and lets the last one win.
RSS_NAMES = {"title", "link", "description", "guid", "pubDate", "category", "enclosure", "author"}


@pytest.fixture(autouse=True)
def _site() -> None:
    factories.site(address=ADDRESS)


def read(client: Client, path: str = "/feed.xml") -> Any:
    response = client.get(path)
    assert response.status_code == 200
    feed = feedparser.parse(response.content)
    assert not feed.bozo
    return feed


def content(client: Client, path: str = "/feed.xml") -> bytes:
    return client.get(path).content


def built_at(client: Client, path: str = "/feed.xml") -> str:
    found = fromstring(content(client, path)).findtext("channel/lastBuildDate")
    assert found
    return found


def test_offers_the_newest_releases_as_torrents(client: Client) -> None:
    factories.release("Older")
    newer = factories.release("Newer", now=factories.NOON + timedelta(hours=1))
    entries = read(client).entries
    assert [each.title for each in entries] == ["Newer", "Older"]
    assert entries[0].link == f"{ADDRESS}{newer.get_absolute_url()}"
    assert entries[0].id == newer.info_hash
    assert entries[0].torrent_infohash == newer.info_hash
    assert entries[0].torrent_magneturi.startswith(f"magnet:?xt=urn:btih:{newer.info_hash}")


@pytest.mark.parametrize("torrent", [factories.torrent(), factories.hybrid_torrent()])
def test_the_enclosure_is_the_torrent_file_with_its_own_length(
    client: Client, torrent: bytes
) -> None:
    release = factories.release(data=torrent)
    (enclosure,) = read(client).entries[0].enclosures
    assert enclosure.type == "application/x-bittorrent"
    assert enclosure.href == f"{ADDRESS}{release.torrent_path}"
    assert enclosure.href.endswith(f"/{release.slug}.torrent")
    assert int(enclosure.length) == len(client.get(release.torrent_path).content)


def test_the_length_counts_piece_layers_too(client: Client) -> None:
    release = factories.release()
    release.torrent.piece_layers = b"d32:" + b"r" * 32 + b"64:" + b"h" * 64 + b"e"
    release.torrent.save()
    (enclosure,) = read(client).entries[0].enclosures
    assert int(enclosure.length) == len(client.get(release.torrent_path).content)


@pytest.mark.parametrize("path", ["/feed.xml", "/feed/popular.xml"])
def test_no_name_of_ours_hides_one_of_rss(client: Client, path: str) -> None:
    downloaded(factories.release(), 1)
    for item in fromstring(content(client, path)).iter("item"):
        names = [child.tag for child in item]
        assert len(set(names)) == len(names)
        assert not {name.rpartition("}")[2] for name in names if "}" in name} & RSS_NAMES
        assert item.findtext("link")


@pytest.mark.parametrize("text", NASTY)
def test_says_every_title_literally(client: Client, text: str) -> None:
    release = factories.release(text, description=text)
    (item,) = fromstring(content(client)).iter("item")
    assert item.findtext("title") == release.title


def test_describes_in_html_that_is_safe_and_leads_back_to_the_site(client: Client) -> None:
    words = "**new**, see [rules](/rules/) <script>alert(1)</script>"
    factories.release("Film", description=words)
    (item,) = fromstring(content(client)).iter("item")
    assert item.findtext("description") == (
        f'<p><strong>new</strong>, see <a href="{ADDRESS}/rules/" '
        'rel="nofollow noopener noreferrer">rules</a> &lt;script&gt;alert(1)&lt;/script&gt;</p>'
    )


def test_one_bad_title_in_the_database_never_breaks_the_feed(client: Client) -> None:
    factories.release("Good")
    bad = factories.release("Bad", description="Words")
    Release.objects.filter(pk=bad.pk).update(title="\x0b\x01", description="a\x0bb\ud7ff\ufffe")
    assert {each.title for each in read(client).entries} == {"Good", bad.info_hash}


def test_shows_nothing_hidden(client: Client) -> None:
    set_hidden(factories.release(), is_hidden=True)
    assert not read(client).entries


def test_shelves_and_publishers_have_feeds_of_their_own(client: Client) -> None:
    films = Category.objects.create(name="Films & Co", slug="films")
    shelved = factories.release("On the shelf")
    shelved.category = films
    shelved.save()
    factories.release("By Carol", by=factories.publisher("carol.b"))
    assert [each.title for each in read(client, "/feed/films.xml").entries] == ["On the shelf"]
    assert read(client, "/feed/films.xml").entries[0].category == "Films & Co"
    assert [each.title for each in read(client, "/feed/publisher/carol.b.xml").entries] == [
        "By Carol"
    ]


def test_the_longest_name_of_a_publisher_has_a_feed(client: Client) -> None:
    name = "\U00010400" * 150
    factories.release(by=factories.publisher(name))
    assert len(read(client, f"/feed/publisher/{name}.xml").entries) == 1
    PublishedFeed.objects.get().full_clean()  # SQLite alone would take a longer path.


def test_tells_nobody_which_other_users_there_are(client: Client) -> None:
    factories.visitor("bob")
    set_hidden(factories.release(), is_hidden=True)
    for name in ("bob", "alice", "nobody", "%00", "a%0Ab"):
        assert client.get(f"/feed/publisher/{name}.xml").status_code == 404


def test_is_not_sent_twice(client: Client) -> None:
    factories.release()
    first = client.get("/feed.xml")
    for header in (
        {"if-none-match": first["ETag"]},
        {"if-modified-since": first["Last-Modified"]},
    ):
        assert client.get("/feed.xml", headers=header).status_code == 304
    assert client.get("/feed.xml").content == first.content


def test_every_change_moves_the_date_that_qbittorrent_looks_at(client: Client) -> None:
    release = factories.release()
    dates = [built_at(client)]
    Release.objects.update(title="Better title")
    dates.append(built_at(client))
    set_hidden(release, is_hidden=True)
    dates.append(built_at(client))
    set_hidden(release, is_hidden=False)
    dates.append(built_at(client))
    assert len(set(dates)) == 4
    assert built_at(client) == dates[-1]


def test_asks_the_database_as_often_for_many_releases_as_for_few(client: Client) -> None:
    counts = []
    for many in (2, 10):
        for number in range(many):
            factories.release(f"Film {many} {number}")
        client.get("/feed.xml")
        with CaptureQueriesContext(connection) as queries:
            client.get("/feed.xml")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4


def test_is_the_same_for_every_visitor(client: Client) -> None:
    response = client.get("/feed.xml", headers={"accept-language": "de"})
    assert "Vary" not in response


def test_pages_name_the_feed(client: Client) -> None:
    assert (
        'type="application/rss+xml" title="Films" href="/feed.xml"'
        in client.get("/").content.decode()
    )


def test_the_page_and_the_list_for_readers_name_every_feed(client: Client) -> None:
    Category.objects.create(name="A & B", slug="ab")
    page = client.get("/feeds/").content.decode()
    outlines = list(fromstring(content(client, "/feeds.opml")).iter("outline"))
    addresses = [each.attrib["xmlUrl"] for each in outlines]
    assert addresses == [f"{ADDRESS}{path}" for path in PATHS]
    assert all(each in page for each in addresses)


PATHS = ["/feed.xml", "/feed/popular.xml", "/feed/ab.xml"]


def downloaded(release: Release, number: int, seeds: int = 0) -> None:
    from django.utils import timezone

    from server.catalog import counting

    release.swarm.downloaded, release.swarm.complete = number, seeds
    release.swarm.save()
    counting.count_downloads(timezone.now())
