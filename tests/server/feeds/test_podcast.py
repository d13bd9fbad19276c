"""The podcast as podcast apps read it."""

from io import BytesIO
from typing import Any
from uuid import UUID
from xml.etree.ElementTree import Element, fromstring

import feedparser
import podcastparser
import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from server.catalog import picturing
from server.catalog.models import Release, SiteCopy
from server.catalog.services import set_hidden, set_picture, set_site_copy
from server.site.podcasting import guid_of
from tests.server import factories
from tests.server.factories import ADDRESS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("programs")]

PODCAST = "{https://podcastindex.org/namespace/1.0}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
FEED = f"{ADDRESS}/podcast.xml"


@pytest.fixture(autouse=True)
def _site() -> None:
    factories.site(address=ADDRESS)


def episode(title: str = "Talk", name: str = "a talk & more.mp3") -> Release:
    release = factories.release(title, data=factories.torrent(name, content=title.encode()))
    set_site_copy(release, SiteCopy.HERE)
    return release


def read(client: Client) -> Any:
    feed = feedparser.parse(client.get("/podcast.xml").content)
    assert not feed.bozo
    return feed


def channel(client: Client) -> Element:
    found = fromstring(client.get("/podcast.xml").content).find("channel")
    assert found is not None
    return found


def test_gpodder_finds_the_file_that_it_plays(client: Client) -> None:
    release = episode()
    content = client.get("/podcast.xml").content
    podcast = podcastparser.parse(FEED, BytesIO(content))
    assert (podcast["title"], podcast["itunes_author"]) == ("Films: podcast", "Films")
    assert (podcast["explicit"], podcast["type"]) == (False, "episodic")
    (found,) = podcast["episodes"]
    assert (found["title"], found["guid"]) == ("Talk", release.info_hash)
    assert found["published"] == int(release.published_at.timestamp())
    address = f"{ADDRESS}/files/{release.info_hash}/a%20talk%20&%20more.mp3"
    assert found["enclosures"] == [{"url": address, "file_size": 4, "mime_type": "audio/mpeg"}]


def test_an_app_gets_the_file_from_where_it_stopped(client: Client) -> None:
    contents = {"Film & more/film #1 ü.mp4": b"some film", "film.srt": b"words"}
    release = factories.release(data=factories.folder_with("100%20", contents))
    factories.site_copy(release, *contents.values())
    (enclosure,) = read(client).entries[0].enclosures
    path = enclosure.href.removeprefix(ADDRESS)
    response = client.get(path, headers={"range": "bytes=5-"})
    assert (response.status_code, response["Content-Type"]) == (206, enclosure.type)
    assert response["Content-Range"] == f"bytes 5-8/{enclosure.length}"
    assert response.getvalue() == b"film"


def test_the_torrent_stands_beside_the_one_enclosure(client: Client) -> None:
    release = episode()
    (entry,) = read(client).entries
    (enclosure,) = entry.enclosures
    assert enclosure.type == "audio/mpeg"
    assert entry.podcast_alternateenclosure["type"] == "audio/mpeg"
    (other,) = channel(client).iter(f"{PODCAST}alternateEnclosure")
    assert other.attrib == {"type": "audio/mpeg", "length": "4", "default": "true"}
    assert [source.attrib for source in other] == [
        {"uri": enclosure.href},
        {"uri": f"{ADDRESS}{release.torrent_path}", "contentType": "application/x-bittorrent"},
    ]


def test_has_only_what_can_be_played_from_the_site(client: Client) -> None:
    factories.release("Not here")
    episode("No media", name="linux.iso")
    set_site_copy(episode("Copy is gone"), SiteCopy.NONE)
    set_hidden(episode("Hidden"), is_hidden=True)
    assert read(client).entries == []
    first, second = episode("First"), episode("Second")
    assert [each.id for each in read(client).entries] == [second.info_hash, first.info_hash]


def test_no_name_in_an_item_hides_one_of_rss(client: Client) -> None:
    set_picture(episode(), picture())
    (item,) = channel(client).iter("item")
    of_rss = {child.tag for child in item if "}" not in child.tag}
    others = [child.tag.rpartition("}")[2] for child in item if "}" in child.tag]
    assert not set(others) & (of_rss | {"author", "summary"})
    assert len(set(others)) == len(others)


def test_shows_the_picture_of_a_release_and_a_cover(client: Client) -> None:
    release = episode()
    set_picture(release, picture())
    found = [each.attrib["href"] for each in channel(client).iter(f"{ITUNES}image")]
    assert found == [f"{ADDRESS}/static/site/cover.png", f"{ADDRESS}{release.picture.path}"]
    with Image.open(finders.find("site/cover.png")) as cover:
        assert (cover.format, cover.size) == ("PNG", (1400, 1400))  # Apple takes no smaller one.


@pytest.mark.parametrize(
    ("address", "guid"),
    [
        # The two examples of the podcast namespace.
        ("https://mp3s.nashownotes.com/pc20rss.xml", "917393e3-1b1e-5cef-ace4-edaa54e1f810"),
        ("http://podnews.net/rss/", "9b024349-ccf0-5f69-a609-6b82873eab3c"),
    ],
)
def test_has_the_name_that_every_directory_gives_it(address: str, guid: str) -> None:
    assert guid_of(address) == UUID(guid)


def test_one_bad_title_never_breaks_it(client: Client) -> None:
    bad = episode("Bad")
    Release.objects.filter(pk=bad.pk).update(title="\x0b", description="a\x0bb\ufffe")
    assert [each.title for each in read(client).entries] == [bad.info_hash]


def test_is_not_sent_twice_and_every_change_moves_its_date(client: Client) -> None:
    release = episode()
    first = client.get("/podcast.xml")
    again = client.get("/podcast.xml", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    built_at = channel(client).findtext("lastBuildDate")
    set_site_copy(release, SiteCopy.NONE)
    assert channel(client).findtext("lastBuildDate") != built_at


def test_asks_the_database_as_often_for_many_releases_as_for_few(client: Client) -> None:
    counts = []
    for many in (2, 10):
        for number in range(many):
            set_picture(episode(f"Talk {many} {number}"), picture())
        client.get("/podcast.xml")
        with CaptureQueriesContext(connection) as queries:
            client.get("/podcast.xml")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 3


def test_is_offered_to_people_once_there_is_something_to_play(client: Client) -> None:
    def mentions() -> list[int]:
        pages = [client.get(path).content for path in ("/", "/feeds/", "/feeds.opml")]
        return [page.count(b"/podcast.xml") for page in pages]

    assert not any(mentions())
    episode()
    assert all(mentions())
    assert b'title="Films: podcast" href="/podcast.xml"' in client.get("/").content


def picture() -> picturing.Drawn:
    file = BytesIO()
    Image.new("RGB", (40, 30)).save(file, "PNG")
    file.seek(0)
    return picturing.draw(file)
