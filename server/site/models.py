"""The site itself: its name and the one address from which every link is made.

The row exists from the moment somebody has set the site up, and there is never a second one.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from .addresses import is_site_address
from .words import check_site_name


def check_site_address(address: str) -> None:
    """Refuse what is not scheme and host alone, since paths are put behind it."""
    if not is_site_address(address):
        raise ValidationError(
            _("Write it as https://example.org or http://example.org:8000, without a path.")
        )


class SignUp(models.TextChoices):
    """Who may make an account."""

    CLOSED = "closed", _("nobody: admins make the accounts")
    INVITATION = "invitation", _("those who were invited")
    APPROVAL = "approval", _("everybody; who wants to publish waits for approval")


class SiteManager(models.Manager["Site"]):
    """Finds the one row."""

    def current(self) -> "Site":
        """The site; raises `Site.DoesNotExist` before it is set up."""
        return self.get(pk=Site.ONLY)

    def is_set_up(self) -> bool:
        """Whether somebody has claimed this site."""
        return self.filter(pk=Site.ONLY).exists()

    def take_settings(self) -> None:
        """Save what the site was started with, for commands that are started without it."""
        site = self.filter(pk=Site.ONLY)
        site.update(tracker_port=settings.TRACKER_PORT)
        if settings.SITE_URL:
            site.update(saved_address=settings.SITE_URL)


class Site(models.Model):
    """What this installation is called and where it is reached."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    name = models.CharField(_("name"), max_length=80, validators=[check_site_name])
    saved_address = models.CharField(
        _("address"),
        max_length=200,
        validators=[check_site_address],
        help_text=_("Such as https://example.org, without a closing slash."),
    )
    tracker_port = models.PositiveIntegerField(
        _("port of the tracker"), default=6969, editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    sign_up = models.CharField(
        _("who may make an account"),
        max_length=10,
        choices=SignUp.choices,
        default=SignUp.INVITATION,
    )
    staff_need_second_factor = models.BooleanField(
        _("the admin pages need a second factor"),
        default=False,
        help_text=_("Admins and moderators must have an authenticator app or a passkey."),
    )
    uploads_per_day = models.PositiveIntegerField(
        _("upload tickets a day for each publisher"),
        default=100,
        help_text=_("0: as many as liked."),
    )
    largest_release_gb = models.PositiveIntegerField(
        _("largest release in gigabytes"), default=0, help_text=_("0: as large as liked.")
    )
    copies_gb = models.PositiveIntegerField(
        _("space for the site’s own copies in gigabytes"),
        default=10,
        help_text=_(
            "The site fetches what is published here and shares it too, so that a download ends "
            "well when nobody else is online. 0: it keeps no copies, and deletes those it has."
        ),
    )
    imprint = models.TextField(_("imprint"), blank=True, help_text=_("Markdown; who runs this."))
    privacy = models.TextField(_("privacy notice"), blank=True, help_text=_("Markdown."))
    rules = models.TextField(
        _("rules"), blank=True, help_text=_("Markdown; what may be published here.")
    )

    objects = SiteManager()

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("settings of the site")
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="there_is_only_one_site")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """Scheme and host of every link, without a closing slash; PASSALONG_SITE_URL wins."""
        return settings.SITE_URL or self.saved_address

    @property
    def host(self) -> str:
        """The host name in the address, in lower case, without the port."""
        return urlsplit(self.address).hostname or ""

    def url(self, path: str) -> str:
        """The absolute address of a path that begins with a slash."""
        return self.address + path

    def announce_urls(self) -> tuple[str, ...]:
        """The tracker's addresses, first the tracker's own port, then the site's.

        The second needs no port beside the site's own and is passed through to the same tracker.
        """
        return (self._tracker_url(), self.url("/announce"))

    def _tracker_url(self) -> str:
        if settings.TRACKER_URL:
            return settings.TRACKER_URL
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.tracker_port}/announce"
