"""Which releases the site keeps a copy of, asked of a real database."""

from datetime import timedelta

import pytest

from server.catalog.models import Release, SiteCopy
from server.catalog.services import block, set_hidden
from server.seeding import choosing, services
from server.seeding.models import Copy
from server.seeding.planning import ENOUGH_ELSEWHERE
from server.site.models import Site
from server.tracker.models import TrackedTorrent
from tests.server import factories
from tests.server.factories import NOON

pytestmark = pytest.mark.django_db

LATER = NOON + choosing.STALLED_AFTER + timedelta(minutes=1)


@pytest.fixture
def site() -> Site:
    """Room for two releases of 4 GB."""
    site = factories.site()
    site.copies_gb = 8
    site.save()
    return site


def release(title: str, *, gigabytes: int = 4) -> Release:
    made = factories.release(title)
    Release.objects.filter(pk=made.pk).update(total_size=gigabytes * choosing.GIGABYTE)
    return made


def states() -> dict[str, str]:
    return dict(Copy.objects.values_list("release__title", "state"))


def comes_whole(made: Release, *, elsewhere: int = 0) -> None:
    copy = Copy.objects.get(release=made)
    copy.done_bytes = made.total_size = 4 * choosing.GIGABYTE
    copy.save()
    services.change(copy, Copy.State.HERE)
    TrackedTorrent.objects.filter(pk=made.info_hash).update(complete=1 + elsewhere)


def test_keeps_what_fits_the_newest_first(site: Site) -> None:
    for title in ("old", "newer", "newest"):
        release(title)
    release("enormous", gigabytes=9)
    choosing.choose(site, NOON)
    assert states() == {"newest": "coming", "newer": "coming"}
    assert Release.objects.filter(site_copy=SiteCopy.COMING).count() == 2


def test_leaves_alone_what_is_hidden_or_shared_elsewhere(site: Site) -> None:
    hidden, foreign = release("hidden"), release("foreign")
    set_hidden(hidden, is_hidden=True)
    Release.objects.filter(pk=foreign.pk).update(foreign_trackers=[["http://a.example/announce"]])
    choosing.choose(site, NOON)
    assert states() == {}


def test_makes_room_for_a_new_release(site: Site) -> None:
    alone, shared = release("alone"), release("shared")
    choosing.choose(site, NOON)
    comes_whole(alone)
    comes_whole(shared, elsewhere=ENOUGH_ELSEWHERE)
    release("new")
    choosing.choose(site, NOON)
    assert states() == {"alone": "here", "shared": "spared", "new": "coming"}
    assert Release.objects.get(pk=shared.pk).site_copy == SiteCopy.NONE


def test_a_publisher_who_never_came_back_does_not_block_the_room(site: Site) -> None:
    release("gone", gigabytes=8)
    choosing.choose(site, NOON)
    release("new", gigabytes=8)
    choosing.choose(site, NOON)
    assert states() == {"gone": "coming"}
    choosing.choose(site, LATER)
    assert states() == {"gone": "stalled", "new": "coming"}


def test_what_is_blocked_is_let_go(site: Site) -> None:
    film = release("film")
    choosing.choose(site, NOON)
    block(film, "by court order")
    choosing.choose(site, NOON)
    assert states() == {"film": "blocked"}


def test_what_an_admin_does_not_want_stays_away(site: Site) -> None:
    release("film")
    choosing.choose(site, NOON)
    services.change(Copy.objects.get(), Copy.State.UNWANTED)
    choosing.choose(site, NOON)
    assert states() == {"film": "unwanted"}


def test_no_space_means_no_copies(site: Site) -> None:
    film = release("film")
    choosing.choose(site, NOON)
    comes_whole(film)
    site.copies_gb = 0
    choosing.choose(site, NOON)
    assert states() == {"film": "spared"}


def test_asks_the_same_number_of_questions_whatever_there_is(
    site: Site, django_assert_num_queries: object
) -> None:
    for number in range(5):
        release(f"{number}", gigabytes=1)
    choosing.choose(site, NOON)
    with django_assert_num_queries(4):  # type: ignore[operator]
        choosing.choose(site, NOON)
