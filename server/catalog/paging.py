"""Pages of the listing by key, not by number: the thousandth costs as much as the first.

A key says where a page begins; who was published meanwhile moves nothing.
"""

from dataclasses import dataclass
from typing import Literal

from django.db.models import Q

from .models import Release
from .querying import ReleaseQuerySet

RELEASES_PER_PAGE = 25
Order = Literal["newest", "popular"]


@dataclass(frozen=True, slots=True)
class Page:
    """Some releases in order, and the keys that lead on; None where there is nothing more."""

    releases: list[Release]
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Key:
    """The place of a release in the order."""

    popularity: int
    number: int

    @classmethod
    def of(cls, release: Release) -> "Key":
        """Its place."""
        return cls(release.popularity, release.pk)

    @classmethod
    def read(cls, text: str) -> "Key | None":
        """A key from an address; None if it is none."""
        parts = text.split("-")
        if len(parts) != 2 or not all(_is_number(part) for part in parts):
            return None
        return cls(int(parts[0]), int(parts[1]))

    def __str__(self) -> str:
        return f"{self.popularity}-{self.number}"


def page_of(found: ReleaseQuerySet, order: Order, *, before: str = "", after: str = "") -> Page:
    """The page that ends before one key, or begins after another, or the first one.

    `found` comes from one of the queryset's ways to match words, which name the `place`.
    """
    key, is_backwards = Key.read(before), bool(before)
    if key is None:
        key, is_backwards = Key.read(after), False
    rows = list(_from(found, order, key, is_backwards)[: RELEASES_PER_PAGE + 1])
    has_more, rows = len(rows) > RELEASES_PER_PAGE, rows[:RELEASES_PER_PAGE]
    if is_backwards:
        rows.reverse()
    if not rows:
        # What the key stood for is gone, or was the last: begin again.
        return page_of(found, order) if key is not None else Page([], None, None)
    has_newer, has_older = (has_more, True) if is_backwards else (key is not None, has_more)
    return Page(
        rows,
        before=str(Key.of(rows[0])) if has_newer else None,
        after=str(Key.of(rows[-1])) if has_older else None,
    )


def _from(
    found: ReleaseQuerySet, order: Order, key: Key | None, is_backwards: bool
) -> ReleaseQuerySet:
    names = ("popularity", "place") if order == "popular" else ("place",)
    sign = "" if is_backwards else "-"
    ordered = found.order_by(*(f"{sign}{name}" for name in names))
    if key is None:
        return ordered
    beyond = "gt" if is_backwards else "lt"
    if order == "newest":
        return ordered.filter(**{f"place__{beyond}": key.number})
    behind = Q(popularity=key.popularity, **{f"place__{beyond}": key.number})
    return ordered.filter(
        Q(**{f"popularity__{beyond}": key.popularity}) | behind,
        # Says it once more in a way that an index understands.
        **{f"popularity__{beyond}e": key.popularity},
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18
