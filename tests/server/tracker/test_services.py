"""What passes between site and tracker through the database."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from server.tracker import services
from server.tracker.core.messages import Counts
from server.tracker.core.shares import Share
from server.tracker.models import TrackedTorrent

FILM, OTHER = b"F" * 20, b"O" * 20
NOW = datetime(2026, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def test_only_what_the_site_welcomed_is_welcome() -> None:
    services.welcome(FILM, now=NOW)
    assert services.downloads_of_welcome([FILM, OTHER]) == {FILM: 0}


def test_welcoming_twice_keeps_the_numbers() -> None:
    services.welcome(FILM, now=NOW)
    services.record_counts([Counts(FILM, 2, 1, 0)], NOW, {FILM: 5})
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
    services.record_counts([Counts(FILM, 2, 3, 2)], NOW, {FILM: 4})
    services.record_counts([Counts(FILM, 1, 0, 1), Counts(OTHER, 1, 1, 1)], NOW, {FILM: 5})
    torrent = TrackedTorrent.objects.get()
    assert (torrent.complete, torrent.incomplete, torrent.downloaded) == (1, 0, 9)
    assert torrent.counted_at == NOW


@pytest.mark.parametrize("count", [1, 2, 3, 7, 32])
def test_each_torrent_is_in_the_share_of_its_owner(count: int) -> None:
    films = [bytes([number]) * 20 for number in range(256)]
    TrackedTorrent.objects.bulk_create(
        TrackedTorrent(info_hash=film.hex(), complete=1) for film in films
    )
    for index in range(count):
        share = Share(index, count)
        own = [film for film in films if share.owner(film) == index]
        assert sorted(film for film, _ in services.all_welcome(share)) == own
    services.forget_peers(Share(0, count))
    emptied = {bytes.fromhex(row.pk) for row in TrackedTorrent.objects.filter(complete=0)}
    assert emptied == {film for film in films if Share(0, count).owner(film) == 0}


def test_a_fresh_tracker_has_no_peers_but_all_downloads() -> None:
    services.welcome(FILM, now=NOW)
    services.record_counts([Counts(FILM, 2, 3, 2)], NOW, {FILM: 4})
    services.forget_peers()
    torrent = TrackedTorrent.objects.get()
    assert (torrent.complete, torrent.incomplete, torrent.downloaded) == (0, 0, 4)


def test_a_journal_counts_once() -> None:
    services.welcome(FILM, now=NOW)
    for _ in range(2):
        services.count_journal("a" * 32, {FILM: 3}, NOW)
    assert TrackedTorrent.objects.get().downloaded == 3


def test_a_journal_that_was_counted_cannot_be_counted_with_others() -> None:
    services.welcome(FILM, now=NOW)
    services.record_counts([], NOW, {FILM: 1}, ["a" * 32])
    with pytest.raises(IntegrityError), transaction.atomic():
        services.record_counts([], NOW, {FILM: 1}, ["b" * 32, "a" * 32])
    assert TrackedTorrent.objects.get().downloaded == 1


def test_a_block_beats_every_welcome() -> None:
    services.welcome(FILM, now=NOW)
    services.allow_folder([services.TorrentInFolder(FILM, "film", 1)], now=NOW)
    services.block(FILM, "court order", now=NOW)
    assert services.downloads_of_welcome([FILM], is_open=True) == {}
    assert list(services.all_welcome()) == []
    assert services.refused_since(NOW) == [FILM]
    services.unblock(FILM)
    assert services.downloads_of_welcome([FILM]) == {FILM: 0}


def test_an_open_tracker_welcomes_what_nobody_refused() -> None:
    services.welcome(FILM, now=NOW)
    services.refuse(FILM, now=NOW)
    assert services.downloads_of_welcome([FILM, OTHER], is_open=True) == {OTHER: 0}


def test_downloads_from_an_open_tracker_are_kept_and_welcome_nobody() -> None:
    services.record_counts([], NOW, {OTHER: 2})
    assert services.downloads_of_welcome([OTHER], is_open=True) == {OTHER: 2}
    assert services.downloads_of_welcome([OTHER]) == {}
    assert services.refused_since(NOW - timedelta(days=1000)) == []


def test_what_leaves_the_folder_is_refused_unless_the_site_offers_it() -> None:
    services.welcome(FILM, now=NOW)
    both = [services.TorrentInFolder(FILM, "film", 1), services.TorrentInFolder(OTHER, "o", 2)]
    services.allow_folder(both, now=NOW)
    assert services.downloads_of_welcome([FILM, OTHER]) == {FILM: 0, OTHER: 0}
    services.allow_folder([], now=NOW)
    assert services.downloads_of_welcome([FILM, OTHER]) == {FILM: 0}
    assert services.refused_since(NOW) == [OTHER]
