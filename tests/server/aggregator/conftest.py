"""A site that collects, and others to collect from."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime

import pytest
from pytest_django import Settings

from server.aggregator import fetching, measuring, ranking, sweeping
from server.aggregator.models import Aggregator
from tests.server import factories
from tests.server.aggregator.foreign import Foreign, foreign_site


@pytest.fixture
def _collecting(db: None, settings: Settings) -> None:
    settings.FETCH_PRIVATE = True
    factories.site("Top of the Films", address="http://testserver")
    Aggregator.objects.update_or_create(
        pk=1, defaults={"is_on": True, "lists_new_sites_at_once": True}
    )


@pytest.fixture
def new_site(_collecting: None) -> Iterator[Callable[[], Foreign]]:
    """Makes other sites."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(foreign_site())


@pytest.fixture
def other(new_site: Callable[[], Foreign]) -> Foreign:
    """One other site."""
    return new_site()


def work(now: datetime) -> None:
    """Do everything that is due, as the worker does it."""
    for key in sweeping.feeds_due(now):
        fetching.fetch_feed(key, now)
    for key in sweeping.claims_due(now):
        fetching.check_claim(key, now)
    for key in sweeping.trackers_due(now):
        measuring.ask_tracker(key, now)
    ranking.give_points(now)
