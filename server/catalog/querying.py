"""Questions about many releases."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Length

from server.tracker.models import TrackedTorrent

from .searching import SearchEntry, words_of

if TYPE_CHECKING:
    from .models import Release  # noqa: F401 - names the model in the class below

# Sorting what was found takes as long as there is of it, so there is an end: the newest of it.
MOST_SORTED = 2_000


_TORRENT_SIZES: dict[str, Length] = {
    "info_bytes": Length("torrent__info"),
    "layers_bytes": Length("torrent__piece_layers"),
}


class ReleaseQuerySet(models.QuerySet["Release"]):
    """Releases, as lists and pages ask for them."""

    def visible(self) -> "ReleaseQuerySet":
        """Those that everybody may see."""
        return self.filter(is_hidden=False)

    def for_listing(self) -> "ReleaseQuerySet":
        """With what a line of the listing shows, and without the description."""
        return (
            self.select_related("category", "publisher", "swarm")
            .with_picture_address()
            .defer("description")
        )

    def with_picture_address(self) -> "ReleaseQuerySet":
        """With where its picture is, and without the picture itself."""
        return self.select_related("picture").defer("picture__content", "picture__thumbnail")

    def with_torrent_sizes(self) -> "ReleaseQuerySet":
        """With what feeds say of a release, and the sizes of its torrent's parts."""
        return self.select_related("category", "swarm").annotate(**_TORRENT_SIZES)

    def matching(self, words: str) -> "ReleaseQuerySet":
        """Those in whose title, description or file names every one of the words occurs.

        `place` is the number of the release as the index of words has it, which it sorts by.
        """
        if not words:
            return self.alias(place=F("pk"))
        found = self.filter(search__text__match=words) if words_of(words) else self.none()
        return found.alias(place=F("search__release_id"))

    def among_newest_matching(self, words: str) -> "ReleaseQuerySet":
        """The same, but only the newest of very many: what can be sorted in no time."""
        if not words_of(words):
            return self.matching(words)
        found = SearchEntry.objects.filter(text__match=words).order_by(F("release_id").desc())
        return self.filter(pk__in=found.values("release_id")[:MOST_SORTED]).alias(place=F("pk"))

    def count_popularity(self) -> int:
        """Copy the numbers of downloads that have changed; how many had."""
        downloaded = TrackedTorrent.objects.filter(pk=OuterRef("swarm_id")).values("downloaded")
        changed = self.exclude(popularity=F("swarm__downloaded"))
        ids = list(changed.values_list("pk", flat=True))
        for start in range(0, len(ids), 500):
            self.filter(pk__in=ids[start : start + 500]).update(popularity=Subquery(downloaded))
        return len(ids)
