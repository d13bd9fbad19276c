"""What is popular, for programs: the order and the numbers, in both forms."""

import json
from datetime import datetime, timedelta

import feedparser
import pytest
from django.test import Client
from django.utils import timezone

from server.catalog import counting
from server.catalog.models import Release
from server.catalog.services import set_hidden
from tests.server import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site() -> None:
    factories.site(address="https://films.example")


def downloaded(release: Release, number: int, at: datetime | None = None, seeds: int = 0) -> None:
    """Let the tracker have counted so many more."""
    release.swarm.downloaded += number
    release.swarm.complete = seeds
    release.swarm.save()
    counting.count_downloads(at or timezone.now())


def test_ranks_by_the_downloads_of_the_last_week_then_by_seeds(client: Client) -> None:
    classic, hit, second, _unseen = (
        factories.release(title) for title in ("Classic", "Hit", "Second", "Unseen")
    )
    downloaded(classic, 1000, at=timezone.now() - timedelta(days=9))
    downloaded(classic, 1)
    downloaded(hit, 5, seeds=2)
    downloaded(second, 5, seeds=1)
    feed = feedparser.parse(client.get("/feed/popular.xml").content)
    assert not feed.bozo
    found = [(each.title, each.passalong_rank, each.passalong_downloads) for each in feed.entries]
    assert found == [("Hit", "1", "5"), ("Second", "2", "5"), ("Classic", "3", "1")]
    assert feed.entries[2].passalong_alldownloads == "1001"
    assert (feed.entries[0].torrent_seeds, feed.entries[0].passalong_window) == ("2", "P7D")
    assert feed.feed.passalong_asof


def test_says_the_same_as_json(client: Client) -> None:
    release = factories.release("Hit")
    downloaded(release, 5)
    numbers = json.loads(client.get("/stats.json").content)
    assert numbers["bytesPassedAlong"] == 5 * release.total_size
    (place,) = numbers["popular"]
    assert (place["rank"], place["downloads"], place["infoHash"]) == (1, 5, release.info_hash)


def test_a_hidden_hit_takes_no_place(client: Client) -> None:
    release = factories.release("Hit")
    downloaded(release, 5)
    set_hidden(release, is_hidden=True)
    assert json.loads(client.get("/stats.json").content)["popular"] == []
