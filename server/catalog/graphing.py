"""Downloads over time as a drawing: bars for an SVG that needs no script."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .models import DownloadsPerDay, Release

DAYS_SHOWN = 30
WIDTH, HEIGHT, GAP = 720, 120, 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One day."""

    day: date
    number: int
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Graph:
    """The last days of a release."""

    bars: Sequence[Bar]
    total: int
    most: int
    width: int = WIDTH
    height: int = HEIGHT


def graph_of(release: Release, today: date) -> Graph | None:
    """The downloads of the last thirty days; None when there were none."""
    first = today - timedelta(days=DAYS_SHOWN - 1)
    rows = DownloadsPerDay.objects.filter(release=release, day__gte=first, day__lte=today)
    counted = dict(rows.values_list("day", "completed"))
    numbers = [counted.get(first + timedelta(days=day), 0) for day in range(DAYS_SHOWN)]
    if not any(numbers):
        return None
    most, step = max(numbers), WIDTH // DAYS_SHOWN
    bars = []
    for day, number in enumerate(numbers):
        height = max(2 if number else 1, round(number / most * HEIGHT))
        bar = Bar(
            first + timedelta(days=day), number, day * step, HEIGHT - height, step - GAP, height
        )
        bars.append(bar)
    return Graph(bars, sum(numbers), most)
