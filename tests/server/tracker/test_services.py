"""What passes between site and tracker through the database."""

from datetime import UTC, datetime, timedelta

import pytest

from server.tracker import services
from server.tracker.core.messages import Counts
from server.tracker.models import TrackedTorrent

FILM, OTHER = b"F" * 20, b"O" * 20
NOW = datetime(2026, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def test_only_what_the_site_welcomed_is_welcome() -> None:
    services.welcome(FILM, now=NOW)
    assert services.downloads_of_welcome([FILM, OTHER]) == {FILM: 0}


def test_welcoming_twice_keeps_the_numbers() -> None:
    services.welcome(FILM, now=NOW)
    services.record_counts([Counts(FILM, 2, 1, 5, 0)], NOW)
    assert services.welcome(FILM, now=NOW).downloaded == 5


def test_a_refused_torrent_is_not_welcome_until_it_is_again() -> None:
    services.welcome(FILM, now=NOW)
    services.refuse(FILM, now=NOW)
    assert services.downloads_of_welcome([FILM]) == {}
    services.welcome(FILM, now=NOW)
    assert services.downloads_of_welcome([FILM]) == {FILM: 0}


def test_tells_what_was_refused_since_a_moment() -> None:
    services.welcome(FILM, now=NOW)
    services.refuse(FILM, now=NOW)
    assert services.refused_since(NOW) == [FILM]
    assert services.refused_since(NOW + timedelta(seconds=1)) == []


def test_refusing_an_unknown_torrent_does_nothing() -> None:
    services.refuse(OTHER, now=NOW)
    assert not TrackedTorrent.objects.exists()


def test_downloads_add_up_and_the_rest_is_replaced() -> None:
    services.welcome(FILM, now=NOW)
    services.record_counts([Counts(FILM, 2, 3, 4, 0)], NOW)
    services.record_counts([Counts(FILM, 1, 0, 5, 0), Counts(OTHER, 1, 1, 1, 0)], NOW)
    torrent = TrackedTorrent.objects.get()
    assert (torrent.complete, torrent.incomplete, torrent.downloaded) == (1, 0, 9)
    assert torrent.counted_at == NOW


def test_a_fresh_tracker_has_no_peers_but_all_downloads() -> None:
    services.welcome(FILM, now=NOW)
    services.record_counts([Counts(FILM, 2, 3, 4, 0)], NOW)
    services.forget_peers()
    torrent = TrackedTorrent.objects.get()
    assert (torrent.complete, torrent.incomplete, torrent.downloaded) == (0, 0, 4)
