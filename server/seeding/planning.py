"""Which copies to begin and which to let go, so that they fit the space that the admin gives.

Numbers in, numbers out. The newest releases come first. When there is no room, a release that was
never tried takes the place of copies that can be spared: those that enough others share, and those
whose publisher has been gone for long. The last copy anywhere is never spared for another one.
"""

from collections.abc import Iterable
from dataclasses import dataclass

ENOUGH_ELSEWHERE = 3
SPARE_BYTES = 3_000_000_000  # left free on the disk, whatever the admin allows


@dataclass(frozen=True, slots=True)
class Wanted:
    """A release without a copy; sizes in bytes."""

    key: int
    size: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A copy, whole or in part, and how many complete ones others have."""

    key: int
    size: int
    done: int
    elsewhere: int
    is_stalled: bool

    @property
    def can_be_spared(self) -> bool:
        """Whether nobody would miss it."""
        return self.is_stalled or self.elsewhere >= ENOUGH_ELSEWHERE


@dataclass(frozen=True, slots=True)
class Plan:
    """The keys of what to begin and what to let go."""

    begin: tuple[int, ...]
    let_go: tuple[int, ...]


def plan(
    quota: int,
    free: int,
    kept: Iterable[Kept],
    untried: Iterable[Wanted],
    let_go_before: Iterable[Wanted],
) -> Plan:
    """Fill `quota` bytes of a disk with `free` bytes; both lists of releases newest first.

    What was let go before comes back when there is room, and takes nobody's place: else two
    releases would take turns.
    """
    staying = sorted(kept, key=_by_use)
    begin: list[int] = []
    let_go: list[int] = []
    room = _Room(quota, free - SPARE_BYTES, staying)
    while staying and room.quota < 0:
        let_go.append(room.give_up(staying.pop(0)))
    for each in untried:
        spared = _enough(each.size, room, staying)
        if spared is None:
            continue
        for copy in spared:
            staying.remove(copy)
            let_go.append(room.give_up(copy))
        room.take(each.size)
        begin.append(each.key)
    for each in let_go_before:
        if room.fits(each.size):
            room.take(each.size)
            begin.append(each.key)
    return Plan(tuple(begin), tuple(let_go))


class _Room:
    def __init__(self, quota: int, disk: int, kept: list[Kept]) -> None:
        self.quota = quota - sum(each.size for each in kept)
        self._disk = disk - sum(each.size - each.done for each in kept)

    def fits(self, size: int) -> bool:
        return size <= min(self.quota, self._disk)

    def take(self, size: int) -> None:
        self.quota -= size
        self._disk -= size

    def give_up(self, copy: Kept) -> int:
        # What it has fetched is deleted, what it had still to fetch is no longer needed.
        self.quota += copy.size
        self._disk += copy.size
        return copy.key

    def fits_without(self, size: int, copies: list[Kept]) -> bool:
        given = sum(each.size for each in copies)
        return size <= min(self.quota, self._disk) + given


def _enough(size: int, room: _Room, staying: list[Kept]) -> list[Kept] | None:
    """The fewest of what can be spared that make room, None when all of it is not enough."""
    spared: list[Kept] = []
    for copy in (each for each in staying if each.can_be_spared):
        if room.fits_without(size, spared):
            break
        spared.append(copy)
    return spared if room.fits_without(size, spared) else None


def _by_use(copy: Kept) -> tuple[bool, int, int]:
    """Least needed first: stalled ones, then what most others have, then the oldest."""
    return (not copy.is_stalled, -copy.elsewhere, copy.key)
