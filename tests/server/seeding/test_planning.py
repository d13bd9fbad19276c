"""Which copies fit: laws that hold for all numbers, and the cases that people meet."""

from hypothesis import given
from hypothesis import strategies as st

from server.seeding.planning import ENOUGH_ELSEWHERE, SPARE_BYTES, Kept, Wanted, plan

PLENTY = SPARE_BYTES + 10**12
SIZES = st.integers(1, 60)


def kept(key: int, size: int, *, elsewhere: int = 0, is_stalled: bool = False) -> Kept:
    return Kept(key, size, size, elsewhere, is_stalled)


@st.composite
def situations(draw: st.DrawFn) -> tuple[int, int, list[Kept], list[Wanted], list[Wanted]]:
    keys = iter(range(1, 1000))
    copies = [
        Kept(next(keys), size, draw(st.integers(0, size)), draw(st.integers(0, 5)), is_stalled)
        for size, is_stalled in draw(st.lists(st.tuples(SIZES, st.booleans()), max_size=6))
    ]
    untried, before = (
        [Wanted(next(keys), size) for size in draw(st.lists(SIZES, max_size=6))] for _ in range(2)
    )
    free = SPARE_BYTES + draw(st.integers(-50, 200))
    return draw(st.integers(0, 150)), free, copies, untried, before


@given(situations())
def test_what_is_kept_fits_the_quota_and_the_disk(
    situation: tuple[int, int, list[Kept], list[Wanted], list[Wanted]],
) -> None:
    quota, free, copies, untried, before = situation
    decided = plan(*situation)
    staying = [each for each in copies if each.key not in decided.let_go]
    begun = [each for each in (*untried, *before) if each.key in decided.begin]
    assert sum(each.size for each in (*staying, *begun)) <= quota
    given_up = sum(each.done for each in copies if each.key in decided.let_go)
    to_fetch = sum(each.size - each.done for each in staying) + sum(each.size for each in begun)
    assert not begun or to_fetch <= free - SPARE_BYTES + given_up


@given(situations())
def test_nobody_loses_the_last_copy_to_another_release(
    situation: tuple[int, int, list[Kept], list[Wanted], list[Wanted]],
) -> None:
    quota, _free, copies, *_wanted = situation
    is_within_quota = sum(each.size for each in copies) <= quota
    let_go = set(plan(*situation).let_go)
    lost = [each for each in copies if each.key in let_go and not each.can_be_spared]
    assert not (is_within_quota and lost)


def test_the_newest_come_first() -> None:
    decided = plan(10, PLENTY, [], [Wanted(3, 6), Wanted(2, 6), Wanted(1, 4)], [])
    assert decided.begin == (3, 1)


def test_a_release_that_nobody_has_takes_the_place_of_one_that_many_share() -> None:
    copies = [kept(1, 10), kept(2, 10, elsewhere=ENOUGH_ELSEWHERE)]
    decided = plan(20, PLENTY, copies, [Wanted(3, 8)], [])
    assert (decided.begin, decided.let_go) == ((3,), (2,))


def test_nothing_is_let_go_when_that_would_not_make_enough_room() -> None:
    copies = [kept(1, 10), kept(2, 10, elsewhere=9)]
    assert plan(20, PLENTY, copies, [Wanted(3, 15)], []) == plan(20, PLENTY, copies, [], [])


def test_what_was_let_go_comes_back_only_into_free_room() -> None:
    copies = [kept(2, 10, elsewhere=9)]
    assert plan(10, PLENTY, copies, [], [Wanted(1, 10)]).begin == ()
    assert plan(20, PLENTY, copies, [], [Wanted(1, 10)]).begin == (1,)


def test_a_smaller_quota_lets_go_of_what_is_needed_least() -> None:
    copies = [kept(1, 10), kept(2, 10, elsewhere=1), kept(3, 10, is_stalled=True)]
    assert plan(20, PLENTY, copies, [], []).let_go == (3,)
    assert plan(10, PLENTY, copies, [], []).let_go == (3, 2)
    assert set(plan(0, PLENTY, copies, [], []).let_go) == {1, 2, 3}


def test_a_full_disk_begins_nothing_and_deletes_nothing() -> None:
    assert plan(100, SPARE_BYTES, [kept(1, 10)], [Wanted(2, 5)], []) == plan(10, 0, [], [], [])
