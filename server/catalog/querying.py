"""Questions about many releases."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length

if TYPE_CHECKING:
    from .models import Release  # noqa: F401 - names the model in the class below


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
        return self.select_related("category", "publisher", "swarm").defer("description")

    def with_torrent_sizes(self) -> "ReleaseQuerySet":
        """With what feeds say of a release, and the sizes of its torrent's parts."""
        return self.select_related("category", "swarm").annotate(**_TORRENT_SIZES)

    def matching(self, words: str) -> "ReleaseQuerySet":
        """Those in whose title or description every one of the words occurs."""
        found = self
        for word in words.split():
            found = found.filter(Q(title__icontains=word) | Q(description__icontains=word))
        return found
