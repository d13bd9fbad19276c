"""What the site tells the tracker, and what the tracker tells the site, through the database."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from .core.messages import Counts
from .models import TrackedTorrent


def welcome(info_hash: bytes, *, now: datetime | None = None) -> TrackedTorrent:
    """Let peers share this torrent from now on."""
    decision = {"is_welcome": True, "decided_at": now or timezone.now()}
    torrent, _ = TrackedTorrent.objects.update_or_create(
        info_hash=info_hash.hex(), defaults=decision
    )
    return torrent


def refuse(info_hash: bytes, *, now: datetime | None = None) -> None:
    """Answer no peer of this torrent any more; the tracker notices within seconds."""
    TrackedTorrent.objects.filter(info_hash=info_hash.hex()).update(
        is_welcome=False, decided_at=now or timezone.now()
    )


def downloads_of_welcome(info_hashes: Collection[bytes]) -> dict[bytes, int]:
    """The welcome ones among these, each with the number of its downloads."""
    rows = TrackedTorrent.objects.filter(
        is_welcome=True, info_hash__in=[info_hash.hex() for info_hash in info_hashes]
    )
    return {bytes.fromhex(key): number for key, number in rows.values_list("pk", "downloaded")}


def refused_since(moment: datetime) -> list[bytes]:
    """What was refused at `moment` or later."""
    rows = TrackedTorrent.objects.filter(is_welcome=False, decided_at__gte=moment)
    return [bytes.fromhex(key) for key in rows.values_list("pk", flat=True)]


def record_counts(counts: Iterable[Counts], now: datetime) -> None:
    """Write down how swarms are, and add their completions to what was counted before.

    All or nothing, in one statement run many times: thousands of rows take some milliseconds, and
    other writers do not wait longer. The database adds, so several trackers may count.
    """
    rows = [
        (each.complete, each.incomplete, each.completions, now, each.info_hash.hex())
        for each in counts
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE tracker_trackedtorrent SET complete = %s, incomplete = %s,"
            " downloaded = downloaded + %s, counted_at = %s WHERE info_hash = %s",
            rows,
        )


def forget_peers() -> None:
    """Begin with empty swarms, as a tracker does that has just started."""
    crowded = TrackedTorrent.objects.exclude(complete=0, incomplete=0)
    crowded.update(complete=0, incomplete=0)
