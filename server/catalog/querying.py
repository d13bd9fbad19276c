"""Questions about many releases."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from .models import Release  # noqa: F401 - names the model in the class below


class ReleaseQuerySet(models.QuerySet["Release"]):
    """Releases, as lists and pages ask for them."""

    def visible(self) -> "ReleaseQuerySet":
        """Those that everybody may see."""
        return self.filter(is_hidden=False)

    def for_listing(self) -> "ReleaseQuerySet":
        """With what a line of the listing shows, and without the description."""
        return self.select_related("category", "publisher", "swarm", "picture").defer(
            "description", "picture__content", "picture__thumbnail"
        )

    def matching(self, words: str) -> "ReleaseQuerySet":
        """Those in whose title or description every one of the words occurs."""
        found = self
        for word in words.split():
            found = found.filter(Q(title__icontains=word) | Q(description__icontains=word))
        return found
