"""Which releases the site keeps a copy of, and how each copy is. The seeder writes most of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from server.catalog.models import Release


class Copy(models.Model):
    """What became of the wish to keep the files of one release."""

    class State(models.TextChoices):
        """How it stands."""

        COMING = "coming", _("on its way")
        HERE = "here", _("complete")
        TROUBLE = "trouble", _("in trouble, tried again in a few minutes")
        SPARED = "spared", _("given up: its room was needed")
        STALLED = "stalled", _("given up: for a day nobody came who has it")
        BLOCKED = "blocked", _("given up: it is blocked on this site")
        UNWANTED = "unwanted", _("not wanted by an admin")

    # These take up room, or are about to.
    KEPT = (State.COMING, State.HERE, State.TROUBLE)
    # These come back when there is room for them.
    GIVEN_UP = (State.SPARED, State.STALLED, State.BLOCKED)

    release = models.OneToOneField(
        Release,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="copy",
        verbose_name=_("release"),
    )
    state = models.CharField(
        _("state"), max_length=8, choices=State.choices, default=State.COMING, db_index=True
    )
    done_bytes = models.PositiveBigIntegerField(_("fetched"), default=0)
    given_bytes = models.PositiveBigIntegerField(_("given to peers"), default=0)
    trouble = models.CharField(_("trouble"), max_length=200, blank=True)
    # When the last byte came, or when it began.
    progressed_at = models.DateTimeField(_("last progress"))
    # After trouble: when it is tried again.
    next_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("copy of the site")
        verbose_name_plural = _("copies of the site")

    def __str__(self) -> str:
        return f"{self.release}: {self.get_state_display()}"


class SeederPulse(models.Model):
    """Which seeder keeps the copies, and when it was last alive."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at}"
