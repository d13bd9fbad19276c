"""Pings from strangers: each is a hint at most, and every answer is the same."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from server.aggregator import pings
from server.aggregator.models import Aggregator, Feed, ForeignSite
from server.site import xml_rpc
from tests.server.aggregator.conftest import work
from tests.server.aggregator.foreign import Foreign
from tests.server.factories import NOON

pytestmark = pytest.mark.usefixtures("_collecting")
URL = "https://films.example/feed.xml"


def call(*texts: str, method: str = "weblogUpdates.extendedPing") -> bytes:
    return xml_rpc.write_call(method, texts)


@pytest.mark.parametrize("name", ["hub.url", "hub.topic", "url"])
def test_takes_forms(client: Client, name: str) -> None:
    response = client.post("/ping/", {"hub.mode": "publish", name: URL})
    assert response.status_code == 202
    assert Feed.objects.get().url == URL


def test_takes_the_address_of_old_scripts(client: Client) -> None:
    client.get("/ping/", {"name": "Films", "url": URL})
    assert Feed.objects.get().url == URL


@pytest.mark.parametrize(
    "body",
    [
        call("Films", "https://films.example/", "https://films.example/", URL),
        call("Films", URL, method="weblogUpdates.ping"),
    ],
)
def test_takes_xml_rpc(client: Client, body: bytes) -> None:
    response = client.post("/ping/", body, content_type="text/xml")
    assert xml_rpc.is_success(response.content)
    assert Feed.objects.get().url == URL


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "http://127.0.0.1/", "http://169.254.169.254/", "http://[::1]/"),
        *("http://[::ffff:10.0.0.1]/", "http://[64:ff9b::a00:1]/", "http://a.example:25/"),
        *("http://user@a.example/", f"http://a.example/{'x' * 600}", "http://a.example/\x00", "x"),
        f"http://{'a.' * 130}example/",
    ],
)
def test_says_the_same_to_a_bad_ping_and_does_nothing(
    client: Client, settings: Settings, url: str
) -> None:
    settings.FETCH_PRIVATE = False
    good = client.post("/ping/", {"hub.url": URL})
    Feed.objects.all().delete()
    bad = client.post("/ping/", {"hub.url": url})
    assert (bad.status_code, bad.content) == (good.status_code, good.content)
    assert not Feed.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"<!DOCTYPE a [<!ENTITY b 'c'>]><methodCall/>", 200), (b"x" * 70_000, 413)],
)
def test_refuses_what_is_no_ping(client: Client, body: bytes, status: int) -> None:
    response = client.post("/ping/", body, content_type="text/xml")
    assert response.status_code == status
    assert status != 200 or not xml_rpc.is_success(response.content)
    assert not Feed.objects.exists()


def test_does_not_exist_while_switched_off(client: Client) -> None:
    Aggregator.objects.update(is_on=False)
    for path in ("/ping/", "/top/", "/top/feed.xml", "/top/top.json", "/top/sites.opml"):
        assert client.get(path).status_code == 404


def test_explains_itself_to_people(client: Client) -> None:
    assert b"Where sites say" in client.get("/ping/").content


def test_a_thousand_pings_for_one_feed_cause_one_fetch(client: Client, other: Foreign) -> None:
    other.publishes("Film")
    for second in range(60):
        now = NOON + timedelta(seconds=second)
        for _ in range(17):
            pings.take(f"{other.url}/feed.xml", "192.0.2.1", now)
        work(now)
    assert other.fetches() == 1
    work(NOON + pings.BETWEEN_FETCHES)
    assert other.fetches() == 2


def test_a_failing_feed_is_asked_no_more_often_for_being_pinged(other: Foreign) -> None:
    for minute in range(9):
        pings.take(f"{other.url}/feed.xml", "192.0.2.1", NOON + timedelta(minutes=minute))
        work(NOON + timedelta(minutes=minute))
    assert other.fetches() <= 3


def test_one_sender_names_ten_new_feeds_an_hour_at_most() -> None:
    for number in range(100):
        pings.take(f"https://site{number}.example/feed.xml", "192.0.2.1", NOON)
    assert Feed.objects.count() == pings.NEW_FEEDS_AN_HOUR
    pings.take("https://another.example/feed.xml", "192.0.2.2", NOON)
    assert Feed.objects.count() == pings.NEW_FEEDS_AN_HOUR + 1


def test_a_blocked_site_is_left_alone() -> None:
    pings.take(URL, "192.0.2.1", NOON)
    Feed.objects.update(next_at=None)
    ForeignSite.objects.update(state=ForeignSite.State.BLOCKED)
    pings.take(URL, "192.0.2.1", NOON)
    assert Feed.objects.get().next_at is None
