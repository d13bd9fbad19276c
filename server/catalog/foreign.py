"""How many share a release whose peers meet at other people's trackers: those are asked for it.

Downloads are not taken over: they may be years old, and not one of them came from this site.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain

from django.db.models import F, Q

from server.aggregator.scraping import Numbers, scrape
from server.site.internet import OutgoingError
from server.tracker.core.messages import Counts
from server.tracker.models import TrackedTorrent
from server.tracker.services import record_counts

from .models import Release

BETWEEN_COUNTS = timedelta(minutes=30)
RELEASES_A_ROUND = 200
TRACKERS_A_ROUND = 20
TRACKERS_OF_A_RELEASE = 3
TORRENTS_A_QUESTION = 50

log = logging.getLogger(__name__)


def count_foreign(now: datetime) -> None:
    """Ask about the releases that were longest not asked about."""
    due = Q(swarm__counted_at=None) | Q(swarm__counted_at__lte=now - BETWEEN_COUNTS)
    foreign = Release.objects.visible().exclude(foreign_trackers=[]).filter(due)
    longest_ago = foreign.order_by(F("swarm__counted_at").asc(nulls_first=True), "pk")
    asked: dict[str, list[bytes]] = {}
    keys = []
    for key, tiers in longest_ago.values_list("info_hash", "foreign_trackers")[:RELEASES_A_ROUND]:
        if len(asked) >= TRACKERS_A_ROUND:
            break
        keys.append(key)
        for tracker in list(chain.from_iterable(tiers))[:TRACKERS_OF_A_RELEASE]:
            asked.setdefault(tracker, []).append(bytes.fromhex(key))
    found: dict[bytes, Numbers] = {}
    for tracker, info_hashes in asked.items():
        for info_hash, numbers in _numbers(tracker, info_hashes):
            # The same people announce to all trackers of a torrent, so the numbers are not added.
            if info_hash not in found or numbers.seeds > found[info_hash].seeds:
                found[info_hash] = numbers
    record_counts((Counts(key, n.seeds, n.peers, n.seeds) for key, n in found.items()), now)
    # What nobody knew keeps its numbers, and waits like the rest.
    TrackedTorrent.objects.filter(pk__in=keys).update(counted_at=now)


def _numbers(tracker: str, info_hashes: list[bytes]) -> Iterator[tuple[bytes, Numbers]]:
    try:
        for at in range(0, len(info_hashes), TORRENTS_A_QUESTION):
            yield from scrape(tracker, info_hashes[at : at + TORRENTS_A_QUESTION]).items()
    except OutgoingError as error:
        log.info("Nothing learnt from a tracker: %s", error)
