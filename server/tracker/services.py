"""What the site tells the tracker, and what the tracker tells the site, through the database."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from .core.messages import Counts
from .core.shares import WHOLE, Share
from .models import (
    BlockedTorrent,
    CountedJournal,
    TrackedTorrent,
    TrackerProcess,
    TrackerSample,
)

# When an open tracker counts a download of what nobody has ever decided about, this is written.
NEVER_DECIDED = datetime(1970, 1, 1, tzinfo=UTC)
WELCOME = Q(is_welcome=True) | Q(is_in_folder=True)
DAY = timedelta(days=1)


class TorrentInFolder(NamedTuple):
    """A .torrent file of the allowed folder, as far as the tracker is concerned."""

    info_hash: bytes
    name: str
    total_size: int


def welcome(
    info_hash: bytes, *, now: datetime | None = None, name: str = "", total_size: int = 0
) -> TrackedTorrent:
    """Let peers share this torrent from now on; name and size are for the tracker's page."""
    decision: dict[str, object] = {"is_welcome": True, "decided_at": now or timezone.now()}
    if name:
        decision |= {"name": name[:255], "total_size": total_size}
    torrent, _ = TrackedTorrent.objects.update_or_create(
        info_hash=info_hash.hex(), defaults=decision
    )
    return torrent


def refuse(info_hash: bytes, *, now: datetime | None = None) -> None:
    """Answer no peer of this torrent any more; the tracker notices within seconds."""
    TrackedTorrent.objects.filter(info_hash=info_hash.hex()).update(
        is_welcome=False, decided_at=now or timezone.now()
    )


def block(info_hash: bytes, reason: str = "", *, now: datetime | None = None) -> BlockedTorrent:
    """Never track this torrent, whoever welcomes it; running trackers notice within seconds."""
    blocked, _ = BlockedTorrent.objects.update_or_create(
        info_hash=info_hash.hex(),
        defaults={"reason": reason, "blocked_at": now or timezone.now()},
    )
    return blocked


def unblock(info_hash: bytes) -> None:
    """Leave the decision to the site, the allowed folder or the open tracker again."""
    BlockedTorrent.objects.filter(info_hash=info_hash.hex()).delete()


def allow_folder(torrents: Collection[TorrentInFolder], *, now: datetime) -> None:
    """Welcome what is in the allowed folder now, and nothing that only was there before."""
    inside = {each.info_hash.hex(): each for each in torrents}
    gone = TrackedTorrent.objects.filter(is_in_folder=True).exclude(pk__in=inside)
    gone.update(is_in_folder=False, decided_at=now)
    for key, each in inside.items():
        found = {"is_in_folder": True, "name": each.name[:255], "total_size": each.total_size}
        TrackedTorrent.objects.update_or_create(
            info_hash=key, defaults=found, create_defaults={**found, "is_welcome": False}
        )


def all_welcome(share: Share = WHOLE) -> Iterator[tuple[bytes, int]]:
    """Every welcome torrent of a share with the number of its downloads."""
    blocked = BlockedTorrent.objects.values("pk")
    rows = TrackedTorrent.objects.filter(WELCOME, within(share)).exclude(pk__in=blocked)
    for key, number in rows.values_list("pk", "downloaded").iterator():
        yield bytes.fromhex(key), number


def downloads_of_welcome(
    info_hashes: Collection[bytes], *, is_open: bool = False
) -> dict[bytes, int]:
    """The welcome ones among these, each with the number of its downloads.

    An open tracker welcomes everything that nobody has refused or blocked.
    """
    keys = [info_hash.hex() for info_hash in info_hashes]
    blocked = set(BlockedTorrent.objects.filter(pk__in=keys).values_list("pk", flat=True))
    found = {
        row.pk: row
        for row in TrackedTorrent.objects.filter(pk__in=keys).only(
            "is_welcome", "is_in_folder", "decided_at", "downloaded"
        )
    }
    answer = {}
    for key in keys:
        row = found.get(key)
        is_decided = row is not None and row.decided_at != NEVER_DECIDED
        is_welcome = row is not None and (row.is_welcome or row.is_in_folder)
        if key not in blocked and (is_welcome or (is_open and not is_decided)):
            answer[bytes.fromhex(key)] = row.downloaded if row is not None else 0
    return answer


def refused_since(moment: datetime) -> list[bytes]:
    """What was refused or blocked at `moment` or later."""
    refused = TrackedTorrent.objects.filter(~WELCOME, decided_at__gte=moment)
    blocked = BlockedTorrent.objects.filter(blocked_at__gte=moment)
    keys = {*refused.values_list("pk", flat=True), *blocked.values_list("pk", flat=True)}
    return [bytes.fromhex(key) for key in keys]


def record_counts(
    counts: Iterable[Counts],
    now: datetime,
    completions: Mapping[bytes, int] | None = None,
    journals: Collection[str] = (),
) -> None:
    """Write down how swarms are, and add completions to what was counted before.

    All or nothing, in few statements run many times: thousands of rows take some milliseconds, and
    other writers do not wait longer. The database adds, so several trackers may count. Completions
    of a journal that was counted already must not be among these; `journals` are counted now.
    """
    rows = [
        (each.complete, each.addresses, each.incomplete, now, each.info_hash.hex())
        for each in counts
    ]
    added = [(number, now, key.hex()) for key, number in (completions or {}).items()]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE tracker_trackedtorrent SET complete = %s, addresses = %s, incomplete = %s,"
            " counted_at = %s WHERE info_hash = %s",
            rows,
        )
        if added:
            TrackedTorrent.objects.bulk_create(
                [
                    TrackedTorrent(info_hash=key, is_welcome=False, decided_at=NEVER_DECIDED)
                    for *_, key in added
                ],
                ignore_conflicts=True,
            )
            cursor.executemany(
                "UPDATE tracker_trackedtorrent SET downloaded = downloaded + %s, counted_at = %s"
                " WHERE info_hash = %s",
                added,
            )
        for name in journals:
            CountedJournal.objects.create(name=name, counted_at=now)


def count_journal(name: str, completions: Mapping[bytes, int], now: datetime) -> None:
    """Add what a tracker had written down but not counted when it was killed; at most once."""
    if not CountedJournal.objects.filter(name=name).exists():
        record_counts((), now, completions, [name])


def forget_journals(names: Collection[str]) -> None:
    """Their files are deleted, so nobody will ask again whether they were counted."""
    CountedJournal.objects.filter(name__in=names).delete()


def forget_peers(share: Share = WHOLE) -> None:
    """Begin with empty swarms, as a tracker does that has just started."""
    crowded = TrackedTorrent.objects.filter(within(share)).exclude(complete=0, incomplete=0)
    crowded.update(complete=0, addresses=0, incomplete=0)


def within(share: Share) -> Q:
    """The torrents of one of several tracker processes."""
    if share == WHOLE:
        return Q()
    return Q(info_hash__gte=share.first.hex(), info_hash__lt=share.end.hex())


def downloads_since(moment: datetime) -> dict[bytes, int]:
    """The totals of what was counted at `moment` or later, by this tracker or by another."""
    rows = TrackedTorrent.objects.filter(counted_at__gte=moment).values_list("pk", "downloaded")
    return {bytes.fromhex(key): number for key, number in rows}


def describe_process(process: TrackerProcess) -> None:
    """Note how a tracker process is; those that have been silent for a day are forgotten."""
    process.save()
    TrackerProcess.objects.filter(seen_at__lt=process.seen_at - DAY).delete()


def forget_process(name: str) -> None:
    """A tracker process has ended."""
    TrackerProcess.objects.filter(name=name).delete()


def add_sample(sample: TrackerSample) -> None:
    """Note what a tracker process did lately; samples older than two days are forgotten."""
    sample.save()
    TrackerSample.objects.filter(at__lt=sample.at - 2 * DAY).delete()
