"""One seeder at a time, whoever starts one."""

from datetime import timedelta

import pytest

from server.seeding import pulse
from tests.server.factories import NOON

pytestmark = pytest.mark.django_db

LATER = NOON + pulse.LONGEST_SILENCE


def test_the_first_is_at_work_and_the_second_rests() -> None:
    assert pulse.beat("one", NOON)
    assert not pulse.beat("two", NOON + timedelta(minutes=1))
    assert pulse.beat("one", NOON + timedelta(minutes=2))
    assert not pulse.beat("two", LATER)


def test_another_takes_over_from_one_that_was_killed_or_has_ended() -> None:
    assert pulse.beat("one", NOON)
    assert pulse.beat("two", LATER)
    assert not pulse.beat("one", LATER)
    pulse.end("two")
    assert pulse.beat("one", LATER)


def test_a_start_is_waited_for_and_takes_nothing_from_who_works() -> None:
    assert not pulse.seeder_is_alive(NOON)
    pulse.expect(NOON)
    assert pulse.seeder_is_alive(NOON)
    assert pulse.beat("one", NOON)
    pulse.expect(NOON)
    assert not pulse.beat("two", NOON)
