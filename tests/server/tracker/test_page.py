"""The tracker's own page: what bttrack showed, and how the tracker runs."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from server.site.models import Site
from server.tracker import page, services
from server.tracker.core.messages import Counts
from server.tracker.models import TrackerProcess, TrackerSample

FILM, OTHER = b"F" * 20, b"O" * 20

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor() -> Client:
    now = timezone.now()
    Site.objects.create(name="Alice's site", saved_address="http://testserver")
    services.welcome(FILM, now=now, name="film & <b>more</b>", total_size=1000)
    services.welcome(OTHER, now=now, name="hidden")
    services.refuse(OTHER, now=now)
    services.record_counts([Counts(FILM, 3, 2, addresses=1)], now, {FILM: 5})
    for index in (0, 1):
        services.describe_process(
            TrackerProcess(
                name=f"alice-{index}",
                store=f"alice-{index}",
                version="1",
                started_at=now - timedelta(hours=1),
                seen_at=now,
                announces=7,
                announces_per_second=1.5,
                peers_ipv4=4,
                peers_ipv6=1,
                memory_bytes=1_000_000,
            )
        )
        sample = TrackerSample(
            at=now - timedelta(hours=2), process=f"alice-{index}", announces_per_second=2, peers=5
        )
        services.add_sample(sample)
    return Client()


def test_shows_what_bttrack_showed(visitor: Client) -> None:
    html = visitor.get("/tracker/").content.decode()
    for shown in (FILM.hex(), "film &amp; &lt;b&gt;more", "3 (1)", ">5</td>", "Server time"):
        assert shown in html
    assert "hidden" not in html


def test_says_the_same_as_json(visitor: Client) -> None:
    said = visitor.get("/tracker/?format=json").json()
    assert said["torrents"] == [
        {
            "info_hash": FILM.hex(),
            "name": "film & <b>more</b>",
            "complete": 3,
            "addresses": 1,
            "incomplete": 2,
            "downloaded": 5,
            "size": 1000,
            "transferred": 5000,
        }
    ]
    assert said["totals"]["transferred"] == 5000


def test_adds_the_processes_up(visitor: Client) -> None:
    tracker = visitor.get("/tracker/?format=json").json()["tracker"]
    assert (tracker["processes"], tracker["announces_per_second"]) == (2, 3.0)
    assert (tracker["peers_ipv4"], tracker["peers_ipv6"]) == (8, 2)


def test_counts_peers_of_a_shared_store_once(visitor: Client) -> None:
    TrackerProcess.objects.update(store="shared")
    tracker = visitor.get("/tracker/?format=json").json()["tracker"]
    assert (tracker["peers_ipv4"], tracker["peers_ipv6"]) == (4, 1)


def test_the_graph_adds_processes_and_forgets_old_samples(visitor: Client) -> None:
    now = timezone.now()
    assert sum(page.last_day(now)) == 4
    assert sum(page.last_day(now + timedelta(days=2))) == 0
    assert "<polyline" in visitor.get("/tracker/").content.decode()


@pytest.mark.parametrize("number", ["", "0", "-1", "99", "x", "9" * 50])
def test_any_page_number_is_a_page(visitor: Client, number: str) -> None:
    assert visitor.get("/tracker/", {"page": number}).status_code == 200


def test_a_silent_tracker_is_said_to_be_so(visitor: Client) -> None:
    TrackerProcess.objects.update(seen_at=timezone.now() - timedelta(minutes=5))
    assert "is not running" in visitor.get("/tracker/").content.decode()
