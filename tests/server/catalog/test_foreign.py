"""Releases whose peers meet at other people's trackers: their numbers come from there."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django import Settings

from installer.formats import metainfo
from server.catalog.foreign import BETWEEN_COUNTS, count_foreign
from server.catalog.models import Release
from server.catalog.services import add_release
from tests.server import factories
from tests.server.aggregator.foreign import Foreign, foreign_site
from tests.server.factories import NOON

pytestmark = pytest.mark.django_db

NOWHERE = "http://127.0.0.1:9/announce"


@pytest.fixture
def elsewhere(settings: Settings) -> Iterator[Foreign]:
    """Somebody else's tracker."""
    settings.FETCH_PRIVATE = True
    with foreign_site() as site:
        yield site


def release(title: str, *trackers: str) -> Release:
    content = metainfo.read(factories.torrent(content=title.encode()))
    by = factories.publisher()
    return add_release(content, by, title=title, trackers=[[each] for each in trackers], now=NOON)


def shared_by(one: Release) -> tuple[int, int]:
    one.swarm.refresh_from_db()
    return one.swarm.complete, one.swarm.incomplete


def test_takes_over_who_shares_and_no_downloads(elsewhere: Foreign) -> None:
    film = release("film", NOWHERE, f"{elsewhere.url}/announce")
    own = factories.release("own", by=film.publisher)
    numbers = {b"complete": 3, b"incomplete": 2, b"downloaded": 900}
    elsewhere.numbers = {bytes.fromhex(each.info_hash): numbers for each in (film, own)}
    count_foreign(NOON)
    assert shared_by(film) == (3, 2)
    assert film.swarm.downloaded == 0
    assert shared_by(own) == (0, 0)


def test_asks_every_half_hour(elsewhere: Foreign) -> None:
    release("film", f"{elsewhere.url}/announce")
    for minutes in (0, 10, 29):
        count_foreign(NOON + timedelta(minutes=minutes))
    assert elsewhere.fetches("/scrape") == 1
    count_foreign(NOON + BETWEEN_COUNTS)
    assert elsewhere.fetches("/scrape") == 2


def test_keeps_the_numbers_while_nobody_answers(elsewhere: Foreign) -> None:
    film = release("film", f"{elsewhere.url}/announce")
    elsewhere.numbers = {bytes.fromhex(film.info_hash): {b"complete": 3}}
    count_foreign(NOON)
    elsewhere.numbers = {}
    count_foreign(NOON + BETWEEN_COUNTS)
    assert shared_by(film) == (3, 0)
