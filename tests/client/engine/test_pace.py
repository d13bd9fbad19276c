"""How fast a polite client sends, on lines that exist only here."""

from collections.abc import Callable

import pytest

from client.engine.pace import Pace

MEGABYTE = 1_000_000


class Line:
    """Carries so much in a second; what is too much waits, up to its longest queue."""

    def __init__(self, carries: float, longest_wait: float = 0.2) -> None:
        self._carries = carries
        self._longest = longest_wait
        self._wait = 0.0

    def look(self, pace: Pace, wants: float = 1e12) -> float:
        sent = min(pace.limit, wants, 1.2 * self._carries)
        more = (sent - self._carries) / self._carries
        self._wait = min(self._longest, max(0.0, self._wait + more))
        pace.follow(self._wait, sent)
        return sent


def settled(line: Line, **wants: float) -> Pace:
    pace = Pace()
    for _ in range(30):
        line.look(pace, **wants)
    return pace


def is_busy(pace: Pace, looks: int, wait: Callable[[int], float] = lambda _: 0.12) -> None:
    """Somebody else keeps the queue long."""
    for number in range(looks):
        pace.follow(wait(number), pace.limit)


@pytest.mark.parametrize("carries", [0.1 * MEGABYTE, MEGABYTE, 50 * MEGABYTE])
def test_a_line_that_nobody_else_needs_is_used(carries: float) -> None:
    line = Line(carries)
    pace = settled(line)
    assert sum(min(line.look(pace), carries) for _ in range(60)) > 60 * 0.85 * carries


def test_somebody_else_gets_nearly_all_of_it() -> None:
    pace = settled(Line(MEGABYTE))
    is_busy(pace, 15)
    assert pace.limit < 0.1 * MEGABYTE


def test_downloaders_are_never_left_alone() -> None:
    pace = settled(Line(MEGABYTE))
    is_busy(pace, 1000)
    assert pace.limit > 0.02 * MEGABYTE


def test_the_line_is_taken_again_when_it_is_free() -> None:
    line = Line(MEGABYTE)
    pace = settled(line)
    is_busy(pace, 15)
    for _ in range(12):
        line.look(pace)
    assert pace.limit > 0.8 * MEGABYTE


def test_a_single_long_wait_means_nothing() -> None:
    pace = settled(Line(MEGABYTE))
    before = pace.limit
    is_busy(pace, 20, lambda number: 0.3 * (number % 2))
    assert pace.limit >= before


def test_a_limit_that_is_not_used_does_not_grow() -> None:
    pace = settled(Line(MEGABYTE), wants=0.2 * MEGABYTE)
    assert pace.limit < 0.5 * MEGABYTE
