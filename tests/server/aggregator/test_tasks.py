"""The worker's lanes: what is due is done, and slow strangers hold up one thread at most."""

from datetime import datetime, timedelta
from threading import Event, Thread

import pytest
from django.utils import timezone

from server.aggregator import pings, sweeping, tasks
from server.aggregator.models import Claim, Feed, ForeignTracker
from server.aggregator.tasks import Lane
from tests.server.aggregator.foreign import Foreign


@pytest.mark.usefixtures("_collecting")
def test_the_tasks_bring_a_pinged_feed_into_the_list(other: Foreign) -> None:
    other.publishes("Film")
    pings.take(f"{other.url}/feed.xml", "192.0.2.1", timezone.now())
    tasks.fetch_feeds()
    tasks.check_claims()
    tasks.ask_trackers()
    tasks.rank()
    assert Claim.objects.get().is_right
    assert other.fetches("/scrape") == 1


def test_a_busy_lane_takes_no_second_thread() -> None:
    is_started, may_end, done = Event(), Event(), []

    def do(key: int, now: datetime) -> None:
        done.append(key)
        is_started.set()
        may_end.wait(10)

    lane = Lane(Feed, lambda now: [1] if not done else [], do)
    slow = Thread(target=lane.work)
    slow.start()
    is_started.wait(10)
    lane.work()
    may_end.set()
    slow.join()
    assert done == [1]


def test_a_turn_ends_though_more_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter(range(0, 10_000, 20))
    monkeypatch.setattr(tasks, "monotonic", lambda: next(seconds))
    done: list[timedelta | int] = []
    Lane(Feed, lambda now: list(range(100)), lambda key, now: done.append(key)).work()
    assert done == [0, 1]


@pytest.mark.usefixtures("_collecting")
def test_an_errand_that_breaks_counts_as_failed_and_the_next_is_done() -> None:
    soon = timezone.now() - timedelta(minutes=1)
    for name in "ab":
        ForeignTracker.objects.create(url=f"udp://{name}.example:1/", next_at=soon)

    def do(key: int, now: datetime) -> None:
        errand = ForeignTracker.take(key, now)
        assert errand is not None
        if errand.url.startswith("udp://a"):
            raise OverflowError("too large")
        errand.succeeded(next_at=None)

    Lane(ForeignTracker, sweeping.trackers_due, do).work()
    broken, done = ForeignTracker.objects.order_by("url")
    assert (broken.error, broken.attempts) == ("OverflowError: too large", 1)
    assert broken.next_at > timezone.now()
    assert done.next_at is None
