"""Downloads over time: counted once, in the right hour and day."""

from datetime import timedelta

import pytest

from server.catalog import counting
from server.catalog.models import DownloadsPerDay, DownloadsPerHour, Release
from server.catalog.services import add_carried_by_site
from server.tracker.models import TrackedTorrent
from tests.server import factories
from tests.server.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def film() -> Release:
    factories.site()
    return factories.release(data=factories.torrent(content=b"f" * 1000))


def tracker_says(release: Release, downloaded: int) -> None:
    TrackedTorrent.objects.filter(pk=release.swarm_id).update(downloaded=downloaded)


def days(release: Release) -> list[tuple[str, int, int]]:
    rows = DownloadsPerDay.objects.filter(release=release)
    return [(str(row.day), row.completed, row.passed_along) for row in rows]


def test_counts_what_was_added_since_the_last_look_into_its_day(film: Release) -> None:
    tracker_says(film, 3)
    counting.count_downloads(NOON)
    tracker_says(film, 5)
    counting.count_downloads(NOON + timedelta(minutes=10))
    tracker_says(film, 6)
    counting.count_downloads(NOON + timedelta(days=1))
    assert days(film) == [("2026-05-01", 5, 5000), ("2026-05-02", 1, 1000)]
    assert counting.bytes_passed_along() == 6000


def test_counts_nothing_twice(film: Release) -> None:
    tracker_says(film, 3)
    assert [counting.count_downloads(NOON) for _ in range(2)] == [3, 0]


def test_a_tracker_that_knows_less_than_before_takes_nothing_away(film: Release) -> None:
    tracker_says(film, 3)
    counting.count_downloads(NOON)
    tracker_says(film, 1)
    assert counting.count_downloads(NOON) == 0
    assert counting.bytes_passed_along() == 3000


def test_sums_the_hours_of_a_window(film: Release) -> None:
    for hours, total in ((0, 10), (5, 30), (6, 60)):
        tracker_says(film, total)
        counting.count_downloads(NOON + timedelta(hours=hours))
    found = counting.most_downloaded_since(NOON + timedelta(hours=5, minutes=30), 40)
    assert found == {film.pk: 50}


def test_drops_hours_of_long_ago_and_keeps_their_day(film: Release) -> None:
    tracker_says(film, 3)
    counting.count_downloads(NOON)
    counting.forget_old_hours(NOON + timedelta(days=9))
    assert not DownloadsPerHour.objects.exists()
    assert days(film)


def test_a_torrent_of_absurd_size_does_not_stop_the_count(film: Release) -> None:
    Release.objects.update(total_size=2**63 - 1)
    tracker_says(film, 1000)
    counting.count_downloads(NOON)
    assert counting.bytes_passed_along() == counting.MOST_BYTES


def test_what_came_from_the_sites_own_copy_was_not_carried_by_peers(film: Release) -> None:
    tracker_says(film, 2)
    add_carried_by_site({film.info_hash: 2500})
    counting.count_downloads(NOON)
    assert days(film) == [("2026-05-01", 2, 0)]
    tracker_says(film, 4)
    counting.count_downloads(NOON)
    assert days(film) == [("2026-05-01", 4, 1500)]
