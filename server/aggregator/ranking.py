"""Who stands where in the Top 40, and why; `docs/aggregator.md` says it in plain words.

What we counted ourselves weighs four times as much as what a site says of itself.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Prefetch, QuerySet

from .models import Claim, FirstOfDay, ForeignSite, Torrent

PLACES = 40
PLACES_OF_ONE_SITE = 5
CANDIDATES = 400
WEEK = timedelta(days=7)
LONG_ENOUGH = timedelta(days=1)  # after it our own count is taken alone
REPORTS_ARE_FRESH = timedelta(days=2)
WEIGHT_OF_REPORTS = 0.25
TORRENTS_AT_ONCE = 500


class Window(StrEnum):
    """The time that is looked at, under the name in addresses and feeds."""

    WEEK = "P7D"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Place:
    """One place in the list; the first source gave it its title."""

    rank: int
    torrent: Torrent
    sources: tuple[Claim, ...]
    downloads: int
    is_reported: bool

    @property
    def source(self) -> Claim:
        """The site that offered it first."""
        return self.sources[0]


def top(window: Window) -> list[Place]:
    """The list, best first; of one site at most five."""
    order = "-week_points" if window is Window.WEEK else "-all_points"
    listed = Torrent.objects.filter(pk__in=_listed_claims().values("torrent"))
    candidates = listed.order_by(order, "-seeds", "-pk")[:CANDIDATES]
    sources = _listed_claims().select_related("site").order_by("published_at", "pk")
    places: list[Place] = []
    of_site: Counter[int] = Counter()
    for torrent in candidates.prefetch_related(Prefetch("claims", sources, to_attr="sources")):
        claims: tuple[Claim, ...] = tuple(getattr(torrent, "sources"))  # noqa: B009
        of_site[claims[0].site_id] += 1
        if of_site[claims[0].site_id] <= PLACES_OF_ONE_SITE:
            places.append(_place(len(places) + 1, torrent, claims, window))
        if len(places) == PLACES:
            break
    return places


def give_points(now: datetime) -> None:
    """Work out the points of everything that is listed. Safe to run twice."""
    keys = list(_listed_claims().order_by("torrent").values_list("torrent", flat=True).distinct())
    for at in range(0, len(keys), TORRENTS_AT_ONCE):
        part = Torrent.objects.filter(pk__in=keys[at : at + TORRENTS_AT_ONCE])
        torrents = list(
            part.prefetch_related(
                Prefetch("claims", _listed_claims(), to_attr="sources"),
                Prefetch("days", FirstOfDay.objects.order_by("day"), to_attr="known_days"),
            )
        )
        for torrent in torrents:
            _give_points(torrent, now)
        Torrent.objects.bulk_update(torrents, ["week_points", "all_points", "is_measured"])


def _listed_claims() -> QuerySet[Claim]:
    return Claim.objects.filter(is_right=True, site__state=ForeignSite.State.LISTED)


def _give_points(torrent: Torrent, now: datetime) -> None:
    claims: list[Claim] = getattr(torrent, "sources")  # noqa: B009
    days: list[FirstOfDay] = getattr(torrent, "known_days")  # noqa: B009
    fresh = [
        each for each in claims if (each.reported_at or each.seen_at) > now - REPORTS_ARE_FRESH
    ]
    # Two sites speak of the same downloads, so the larger number counts, never the sum.
    week = max((each.reported_week for each in fresh), default=0) * WEIGHT_OF_REPORTS
    total = max((each.reported_all for each in claims), default=0) * WEIGHT_OF_REPORTS
    grown = 0
    if days and torrent.measured_at is not None:
        first = next((each for each in days if each.day >= (now - WEEK).date()), days[-1])
        grown = max(0, torrent.completed - first.completed)
    is_known_long = bool(days) and days[0].day <= (now - LONG_ENOUGH).date()
    torrent.is_measured = is_known_long
    torrent.week_points = grown if is_known_long else max(grown, week)
    torrent.all_points = torrent.completed if is_known_long else max(torrent.completed, total)


def _place(rank: int, torrent: Torrent, claims: tuple[Claim, ...], window: Window) -> Place:
    is_week = window is Window.WEEK
    points = torrent.week_points if is_week else torrent.all_points
    is_reported = not torrent.is_measured and any(
        (each.reported_week if is_week else each.reported_all) * WEIGHT_OF_REPORTS >= points > 0
        for each in claims
    )
    downloads = points / WEIGHT_OF_REPORTS if is_reported else points
    return Place(rank, torrent, claims, round(downloads), is_reported)
