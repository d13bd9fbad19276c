"""Counts the downloads that a tracker had written down but not counted when it was killed."""

from django.utils import timezone

from .. import services
from .journal import Journal


def count_left(journal: Journal) -> list[str]:
    """The names of the files that have been counted and deleted (`services.forget_journals`)."""
    counted = []
    for name, completions in journal.left().items():
        services.count_journal(name, completions, timezone.now())
        journal.forget(name)
        counted.append(name)
    return counted
