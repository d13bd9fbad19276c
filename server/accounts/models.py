"""The people who sign in, and those who were invited. What they may do: see `roles`."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractUser, Group, Permission
from django.core import signing
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

INVITATION_LASTS = timedelta(days=14)
_SALT = "passalong invitation"


def _expiry() -> datetime:
    return timezone.now() + INVITATION_LASTS


class User(AbstractUser):
    """Django's user, and whether somebody waits to be let in among the publishers."""

    is_waiting = models.BooleanField(
        _("waits for approval"), default=False, help_text=_("Made an account and wants to publish.")
    )


class Role(models.Model):
    """A group every site starts with, and what it was given once, whatever admins made of it."""

    group = models.OneToOneField(Group, on_delete=models.CASCADE, primary_key=True)
    given = models.ManyToManyField(Permission, related_name="+")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.group.name


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations by what they are good for."""

    def usable(self, now: datetime) -> "InvitationQuerySet":
        """Those with which an account can be made now."""
        return self.filter(used_at=None, expires_at__gt=now)

    def named(self, token: str) -> "InvitationQuerySet":
        """The one that a link names; none if the link is not one of ours."""
        try:
            return self.filter(pk=signing.Signer(salt=_SALT).unsign(token))
        except (signing.BadSignature, ValueError):
            return self.none()


class Invitation(models.Model):
    """The permission for one person to make an account. The link is signed, not stored."""

    note = models.CharField(_("for whom"), max_length=100)
    may_publish = models.BooleanField(_("may publish at once"), default=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("invited by"),
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"), default=_expiry)
    # Stays when the account goes: an invitation is for one account, ever.
    used_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    used_by = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="invitation",
        verbose_name=_("accepted by"),
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return self.note

    def claim(self, now: datetime) -> bool:
        """Use it up; of many at once, one finds the row unused."""
        return bool(Invitation.objects.usable(now).filter(pk=self.pk).update(used_at=now))

    @property
    def path(self) -> str:
        """Where the link leads, which whoever has it may follow."""
        token = signing.Signer(salt=_SALT).sign(str(self.pk))
        return reverse("accounts:invitation", args=[token])
