"""Something to know that belongs to no row: it stays until it is dismissed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """What it is about, and a sentence."""

    title: str
    sentence: str
