"""The upload ticket as the site keeps it: never the token itself, only its SHA-256."""

from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from server.catalog.models import Release

LONGEST_LIFE = timedelta(hours=24)


def hash_of(token: bytes) -> str:
    """What is stored of a token."""
    return sha256(token).hexdigest()


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Tickets by what can still be done with them."""

    def usable(self, now: datetime) -> "TicketQuerySet":
        """Those with which something can be published now."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=now)

    def known(self, now: datetime) -> "TicketQuerySet":
        """Those that may ask: usable ones, and used ones that ask what became of their torrent."""
        is_used = Q(used_at__isnull=False)
        return self.filter(is_used | Q(expires_at__gt=now), revoked_at=None)


class Ticket(models.Model):
    """The permission to publish one torrent, once, soon."""

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="tickets",
        verbose_name=_("publisher"),
    )
    issued_at = models.DateTimeField(_("issued"))
    expires_at = models.DateTimeField(_("expires"), db_index=True)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    info_hash = models.CharField(_("used for"), max_length=40, blank=True)
    release = models.ForeignKey(
        Release,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("release"),
    )

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at"]
        verbose_name = _("upload ticket")
        verbose_name_plural = _("upload tickets")

    def __str__(self) -> str:
        return f"{self.user}, {self.issued_at:%Y-%m-%d %H:%M}"

    @property
    def last_expiry(self) -> datetime:
        """The moment beyond which it cannot be extended."""
        return self.issued_at + LONGEST_LIFE


class Scope(models.TextChoices):
    """What a script may do."""

    PUBLISH = "publish", _("publish")
    READ = "read", _("read the numbers of your releases")


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens by what they are still good for."""

    def usable(self, now: datetime) -> "ApiTokenQuerySet":
        """Those that open something now."""
        return self.filter(revoked_at=None, expires_at__gt=now)


class ApiToken(models.Model):
    """The permission for somebody's script to do one kind of thing, until it expires."""

    PREFIX = "passalong_"

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="api_tokens",
        verbose_name=_("publisher"),
    )
    name = models.CharField(_("what for"), max_length=60)
    scope = models.CharField(_("may"), max_length=10, choices=Scope.choices)
    made_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return self.name
