"""Sizes and times as people say them."""

from client.words.language import gettext as _
from client.words.language import ngettext


def size(count: float) -> str:
    """Bytes as people read them: 588.0 MB."""
    for unit in (_("bytes"), "kB", "MB", "GB"):
        if count < 1000:
            digits = 1 if unit in {"MB", "GB"} else 0
            return f"{decimal(count, digits)} {unit}"
        count /= 1000
    return f"{decimal(count, 1)} TB"


def percent(share: float) -> str:
    """A share from 0 to 100; no more exact than a person wants to know."""
    return f"{decimal(share, 1 if share % 1 and share > 99 else 0)} %"


def duration(seconds: float) -> str:
    """A time that is not more exact than the guess it comes from."""
    if seconds < 60:
        count = 5 * max(1, round(seconds / 5))
        return _("{count} seconds").format(count=count)
    if seconds < 5400:
        minutes = round(seconds / 60)
        return ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
    if seconds < 172_800:
        hours = round(seconds / 3600)
        return ngettext("{count} hour", "{count} hours", hours).format(count=hours)
    days = round(seconds / 86400)
    return ngettext("{count} day", "{count} days", days).format(count=days)


def printable(text: str) -> str:
    """Text from outside without anything that a screen would obey."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def decimal(number: float, digits: int) -> str:
    """A number as this language writes it."""
    # Translators: a number as your language writes it.
    return f"{number:.{digits}f}".replace(".", _("0.5")[1])
