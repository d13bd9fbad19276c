"""From a ping to the Top 40: what is fetched, what counts, and what is shown."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import feedparser
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from installer.formats import metainfo
from server.accounts.models import User
from server.aggregator import pings
from server.aggregator.models import Aggregator, Claim, Feed, ForeignSite, Torrent
from server.aggregator.ranking import Window, top
from server.aggregator.sweeping import feeds_due, forget
from tests.answering import Reply
from tests.server.aggregator.conftest import work
from tests.server.aggregator.foreign import Foreign
from tests.server.factories import NOON

pytestmark = pytest.mark.usefixtures("_collecting")
DAY = timedelta(days=1)


def pinged(*sites: Foreign, now: datetime = NOON) -> None:
    for number, site in enumerate(sites):
        pings.take(f"{site.url}/feed.xml", f"192.0.2.{number}", now)
    work(now)


def titles(window: Window = Window.WEEK) -> list[str]:
    return [place.source.title for place in top(window)]


def test_lists_what_a_pinged_site_offers(client: Client, other: Foreign) -> None:
    other.publishes("A Trip to the Moon", downloads=3)
    pinged(other)
    page = client.get("/top/").content.decode()
    assert "A Trip to the Moon" in page
    assert "3 downloads (as the site itself says)" in page


def test_the_feed_is_valid_and_says_what_was_counted(client: Client, other: Foreign) -> None:
    other.publishes("One", "Two", downloads=8)
    pinged(other)
    ForeignSite.objects.update(name="Films & <b>")
    response = client.get("/top/feed.xml")
    assert b"<description>Films &amp;amp; &amp;lt;b&amp;gt;</description>" in response.content
    feed = feedparser.parse(response.content)
    assert not feed.bozo
    first = feed.entries[0]
    assert (first.passalong_rank, first.passalong_downloads) == ("1", "8")
    assert first.passalong_counted == "reported"
    assert first.enclosures[0].type == "application/x-bittorrent"
    assert int(first.enclosures[0].length) == Claim.objects.first().torrent_bytes  # type: ignore[union-attr]
    again = client.get("/top/feed.xml", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304


def test_says_the_same_as_json_and_lists_the_sites(client: Client, other: Foreign) -> None:
    other.publishes("One", downloads=8)
    pinged(other)
    (entry,) = json.loads(client.get("/top/top.json?window=all").content)["top"]
    assert (entry["title"], entry["downloads"], entry["sites"]) == ("One", 80, ["Films"])
    assert f"{other.url}/feed.xml" in client.get("/top/sites.opml").content.decode()


def test_the_same_torrent_of_two_sites_is_one_entry_with_both(
    new_site: Callable[[], Foreign],
) -> None:
    first, second = new_site(), new_site()
    first.publishes("Film", downloads=4, at=NOON - DAY)
    second.publishes("Film", downloads=6)
    pinged(second, first)
    (place,) = top(Window.WEEK)
    assert [each.site.host for each in place.sources] == [
        first.url.removeprefix("http://"),
        second.url.removeprefix("http://"),
    ]
    assert place.downloads == 6


def test_what_is_counted_here_outranks_what_a_site_says(new_site: Callable[[], Foreign]) -> None:
    boaster, honest = new_site(), new_site()
    boaster.publishes("Boast", downloads=30)
    honest.publishes("Honest")
    pinged(boaster, honest)
    counted(honest, 100)
    work(NOON + timedelta(hours=1))
    counted(honest, 108)
    work(NOON + timedelta(hours=2))
    assert titles() == ["Honest", "Boast"]
    assert [place.downloads for place in top(Window.WEEK)] == [8, 30]


def test_a_boast_counts_no_more_once_we_have_counted_for_a_day(other: Foreign) -> None:
    other.publishes("Boast", downloads=1_000_000)
    counted(other, 5)
    pinged(other)
    assert top(Window.WEEK)[0].is_reported
    counted(other, 7)
    work(NOON + DAY)
    work(NOON + DAY + timedelta(hours=1))
    (place,) = top(Window.WEEK)
    assert (place.downloads, place.is_reported) == (2, False)


def test_old_growth_leaves_the_week_but_not_all_time(other: Foreign) -> None:
    other.publishes("Classic")
    pinged(other)
    for days, total in enumerate((0, 50, 50, 50, 50, 50, 50, 50, 50, 51)):
        counted(other, total)
        work(NOON + days * DAY + timedelta(hours=1))
    assert [top(window)[0].downloads for window in (Window.WEEK, Window.ALL)] == [1, 51]


def test_no_site_has_more_than_five_places(new_site: Callable[[], Foreign]) -> None:
    many, few = new_site(), new_site()
    many.publishes(*(f"Film {number}" for number in range(9)), downloads=50)
    few.publishes("Small", downloads=1)
    pinged(many, few)
    assert len(titles()) == 6
    assert titles()[-1] == "Small"


@pytest.mark.parametrize("reply", [Reply(status=404), Reply(b"no torrent"), None])
def test_a_torrent_that_is_not_what_it_says_is_not_listed(
    other: Foreign, reply: Reply | None
) -> None:
    other.publishes("Film", "Other")
    wrong, right = [path for path in other.pages if path.endswith(".torrent")]
    other.pages[wrong] = reply or other.pages[right]
    pinged(other)
    assert titles() == ["Other"]


def test_a_new_site_waits_until_it_is_approved(client: Client, other: Foreign) -> None:
    Aggregator.objects.update(lists_new_sites_at_once=False)
    other.publishes("Film")
    pinged(other)
    assert titles() == []
    assert other.fetches() == 1
    admin_does(client, "approve")
    work(datetime.now(NOON.tzinfo))
    assert titles() == ["Film"]


def test_a_blocked_site_is_gone_at_once_and_never_asked_again(
    client: Client, other: Foreign
) -> None:
    other.publishes("Film")
    pinged(other)
    admin_does(client, "block")
    assert titles() == []
    pinged(other, now=NOON + DAY)
    assert other.fetches() == 1


def test_the_admin_has_a_feed_fetched_again_at_once(client: Client, other: Foreign) -> None:
    other.publishes("Film")
    pinged(other)
    other.publishes("Film", "New")
    admin_does(client, "refetch")
    work(datetime.now(NOON.tzinfo))
    assert sorted(titles()) == ["Film", "New"]
    assert "127.0.0.1" in client.get("/admin/aggregator/foreignsite/").content.decode()


def test_nothing_of_a_feed_is_markup_on_the_page(client: Client, other: Foreign) -> None:
    other.publishes("&lt;script&gt;alert(1)&lt;/script&gt;")
    pinged(other)
    assert "<script>" not in client.get("/top/").content.decode()


def test_follows_to_the_numbers_of_a_site_like_ours(other: Foreign) -> None:
    other.publishes("Film", downloads=9)
    numbers = other.pages["/feed.xml"].content.replace(b"/feed.xml", b"/feed/popular.xml")
    other.pages["/feed/popular.xml"] = Reply(numbers)
    other.publishes("Film")
    pointer = f"<passalong:popular>{other.url}/feed/popular.xml</passalong:popular></channel>"
    other.serves(other.pages["/feed.xml"].content.replace(b"</channel>", pointer.encode()))
    pinged(other)
    work(NOON)
    assert [place.downloads for place in top(Window.WEEK)] == [9]


def test_a_fetch_whose_worker_was_killed_is_found_within_two_minutes(other: Foreign) -> None:
    pings.take(f"{other.url}/feed.xml", "192.0.2.1", NOON)
    (key,) = feeds_due(NOON)
    assert Feed.take(key, NOON)
    assert feeds_due(NOON) == []  # a second worker leaves it alone
    assert feeds_due(NOON + timedelta(seconds=60)) == [key]


def test_asks_a_tracker_once_for_all_its_torrents_and_not_again_soon(other: Foreign) -> None:
    other.publishes(*(f"Film {number}" for number in range(9)))
    for minute in range(10):
        pinged(other, now=NOON + timedelta(minutes=minute))
    assert other.fetches("/scrape") <= 2


def test_forgets_what_has_left_its_feed_for_a_month(other: Foreign) -> None:
    other.publishes("Film")
    pinged(other)
    forget(NOON + timedelta(days=29))
    assert Torrent.objects.exists()
    forget(NOON + timedelta(days=31))
    assert not Torrent.objects.exists()


def test_asks_the_database_as_often_for_many_places_as_for_few(
    client: Client, new_site: Callable[[], Foreign]
) -> None:
    numbers = []
    for _ in range(2):
        site = new_site()
        site.publishes(*(f"Film {number} {site.url}" for number in range(4)))
        pinged(site)
        client.get("/top/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/top/")
        numbers.append(len(queries))
    assert numbers[0] == numbers[1] <= 6


def counted(site: Foreign, completed: int) -> None:
    """Let the site's tracker say this of everything it knows."""
    hashes = [bytes.fromhex(each.info_hash) for each in Torrent.objects.all()]
    for path, page in site.pages.items():
        if path.endswith(".torrent"):
            hashes.append(metainfo.read(page.content).info_hash)
    one = {b"complete": 2, b"downloaded": completed, b"incomplete": 1}
    site.numbers = dict.fromkeys(hashes, one)


def admin_does(client: Client, action: str) -> None:
    """Choose the only site in the admin and let it be done."""
    client.force_login(User.objects.create_superuser("root", password="open sesame 42"))
    site = ForeignSite.objects.get()
    chosen = {"action": action, "_selected_action": [site.pk]}
    assert client.post("/admin/aggregator/foreignsite/", chosen).status_code == 302
