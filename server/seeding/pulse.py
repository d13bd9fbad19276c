"""Which seeder keeps the site's copies, and whether it lives. It says so every half minute.

There is one at a time, though every machine of a site may run one: the others rest, and one of them
takes over when it has been silent for long.
"""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from .models import SeederPulse

LONGEST_SILENCE = timedelta(minutes=3)


def expect(now: datetime) -> None:
    """Give a seeder that is about to start the time for it."""
    row, _is_new = SeederPulse.objects.get_or_create(pk=SeederPulse.ONLY, defaults={"at": now})
    _silent(now).filter(pk=row.pk).update(at=now, name="")


def beat(name: str, now: datetime) -> bool:
    """Note a sign of life of the seeder with this name; false while another one does the work."""
    SeederPulse.objects.get_or_create(pk=SeederPulse.ONLY, defaults={"at": now})
    mine = SeederPulse.objects.filter(name__in=("", name)) | _silent(now)
    return bool(mine.update(name=name, at=now))


def end(name: str) -> None:
    """Leave the work to another one at once."""
    SeederPulse.objects.filter(name=name).update(name="")


def seeder_is_alive(now: datetime) -> bool:
    """Whether there was a sign of life lately."""
    return SeederPulse.objects.filter(at__gt=now - LONGEST_SILENCE).exists()


def _silent(now: datetime) -> QuerySet[SeederPulse]:
    return SeederPulse.objects.filter(at__lte=now - LONGEST_SILENCE)
