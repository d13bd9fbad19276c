"""What the tracker's own page shows, read from the database: bttrack's table and how it runs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Count, FloatField, QuerySet, Sum
from django.db.models.functions import Cast

from .models import BlockedTorrent, TrackedTorrent, TrackerProcess, TrackerSample
from .services import WELCOME

STILL_THERE = timedelta(seconds=60)  # a process describes itself every 10 seconds
DAY = timedelta(days=1)
STEP = timedelta(minutes=10)
ROWS = 100


@dataclass(frozen=True, slots=True)
class Totals:
    """All torrents together."""

    torrents: int
    size: int
    complete: int
    addresses: int
    incomplete: int
    downloaded: int
    transferred: int


@dataclass(frozen=True, slots=True)
class Running:
    """All tracker processes together."""

    processes: int
    version: str
    started_at: datetime | None
    announces: int
    announces_per_second: float
    peers_ipv4: int
    peers_ipv6: int
    memory_bytes: int


def torrents() -> QuerySet[TrackedTorrent]:
    """What is tracked, the most wanted first."""
    blocked = BlockedTorrent.objects.values("pk")
    tracked = TrackedTorrent.objects.filter(WELCOME).exclude(pk__in=blocked)
    return tracked.order_by("-complete", "-incomplete", "info_hash")


def page(number: object) -> Page[TrackedTorrent]:
    """A hundred torrents."""
    return Paginator(torrents(), ROWS).get_page(number)  # type: ignore[arg-type]


def totals() -> Totals:
    """The last line of the table."""
    # A torrent may claim to have 2**63 - 1 bytes, and sums of such are no database's integers.
    size = Cast("total_size", FloatField())
    found = torrents().aggregate(
        all_torrents=Count("pk"),
        all_bytes=Sum(size),
        all_complete=Sum("complete"),
        all_addresses=Sum("addresses"),
        all_incomplete=Sum("incomplete"),
        all_downloaded=Sum("downloaded"),
        all_transferred=Sum(size * Cast("downloaded", FloatField())),
    )
    return Totals(*(int(number or 0) for number in found.values()))


def running(now: datetime) -> Running:
    """The processes that described themselves lately."""
    found = list(TrackerProcess.objects.filter(seen_at__gte=now - STILL_THERE))
    # Of those over one store each sees nearly all the peers, and none sees more.
    stores: dict[str, tuple[int, int]] = {}
    for each in found:
        four, six = stores.get(each.store, (0, 0))
        stores[each.store] = (max(four, each.peers_ipv4), max(six, each.peers_ipv6))
    return Running(
        len(found),
        max((each.version for each in found), default=""),
        min((each.started_at for each in found), default=None),
        sum(each.announces for each in found),
        round(sum(each.announces_per_second for each in found), 1),
        sum(four for four, _ in stores.values()),
        sum(six for _, six in stores.values()),
        sum(each.memory_bytes for each in found),
    )


def last_day(now: datetime) -> list[float]:
    """Announces per second in each step of the last day, the oldest first."""
    steps = [0.0] * (DAY // STEP)
    samples: dict[tuple[int, str], list[float]] = {}
    for sample in TrackerSample.objects.filter(at__gt=now - DAY, at__lte=now):
        step = len(steps) - 1 - (now - sample.at) // STEP
        samples.setdefault((step, sample.process), []).append(sample.announces_per_second)
    for (step, _), rates in samples.items():
        steps[step] += sum(rates) / len(rates)
    return steps
