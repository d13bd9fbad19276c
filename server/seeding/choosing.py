"""Asks the database what there is, lets `planning` decide, and writes down what was decided."""

import shutil
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from server.catalog.models import Release
from server.catalog.querying import ReleaseQuerySet
from server.site.models import Site
from server.tracker.models import BlockedTorrent

from . import services
from .models import Copy
from .planning import Kept, Plan, Wanted, plan

GIGABYTE = 10**9
STALLED_AFTER = timedelta(days=1)
TIME_TO_LOOK = timedelta(minutes=10)
MOST_AT_ONCE = 200  # newest releases looked at in one go


def choose(site: Site, now: datetime) -> None:
    """Begin copies and let others go, as far as the space goes that the admin gives."""
    _let_go_of_blocked()
    decided = _decide(site, now)
    for copy in Copy.objects.filter(pk__in=decided.let_go).select_related("release"):
        services.let_go(copy)
    for release in Release.objects.filter(pk__in=decided.begin):
        services.begin(release, now)


def is_room_missing(now: datetime) -> bool:
    """Whether releases wait for room; the very newest may not have been looked at yet."""
    waiting = _without_copy().filter(copy=None, published_at__lt=now - TIME_TO_LOOK)
    return waiting.exists()


def _without_copy() -> ReleaseQuerySet:
    # What meets at other trackers would have to be announced there, to whoever a stranger names.
    found = Release.objects.visible().filter(foreign_trackers=[])
    return found.filter(Q(copy=None) | Q(copy__state__in=Copy.GIVEN_UP)).order_by("-pk")


def _let_go_of_blocked() -> None:
    blocked = BlockedTorrent.objects.values("pk")
    copies = Copy.objects.filter(state__in=Copy.KEPT, release__info_hash__in=blocked)
    for copy in copies.select_related("release"):
        services.change(copy, Copy.State.BLOCKED)


def _decide(site: Site, now: datetime) -> Plan:
    quota = site.copies_gb * GIGABYTE
    fitting = _without_copy().filter(total_size__lte=quota).values_list("pk", "total_size")
    untried = fitting.filter(copy=None)[:MOST_AT_ONCE]
    given_up = fitting.exclude(copy=None)[:MOST_AT_ONCE]
    return plan(
        quota,
        shutil.disk_usage(settings.DATA_DIR).free,
        _kept(now),
        [Wanted(*each) for each in untried],
        [Wanted(*each) for each in given_up],
    )


def _kept(now: datetime) -> list[Kept]:
    copies = Copy.objects.filter(state__in=Copy.KEPT).values_list(
        "pk", "release__total_size", "done_bytes", "release__swarm__complete", "progressed_at"
    )
    found = []
    for key, size, done, complete, progressed_at in copies:
        is_whole = done >= size
        is_stalled = not is_whole and progressed_at < now - STALLED_AFTER
        elsewhere = max(0, complete - 1) if is_whole else 0
        found.append(Kept(key, size, done, elsewhere, is_stalled))
    return found
