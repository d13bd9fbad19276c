"""Whether the seeder lives: it says so at every look at the database."""

from datetime import datetime, timedelta

from .models import SeederPulse

LONGEST_SILENCE = timedelta(minutes=3)


def beat(now: datetime, port: int = 0) -> None:
    """Note a sign of life. `serve` gives the first, so that the seeder has time to start."""
    SeederPulse.objects.update_or_create(pk=SeederPulse.ONLY, defaults={"at": now, "port": port})


def seeder_is_alive(now: datetime) -> bool:
    """Whether there was a sign of life lately."""
    return SeederPulse.objects.filter(at__gt=now - LONGEST_SILENCE).exists()
