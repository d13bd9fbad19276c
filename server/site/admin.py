"""The site's settings and public key in the admin: never added or deleted there."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from installer.formats import signature

from .key import SiteKeyError, site_key
from .models import Site
from .only_row import OnlyRowAdmin


def _known_key() -> bytes:
    # A lost key must not hide the page on which the site's address is mended.
    try:
        return site_key().public
    except SiteKeyError:
        return b""


@admin.register(Site)
class SiteAdmin(OnlyRowAdmin[Site]):
    """Without the row anybody could set the site up again."""

    fieldsets = (
        (None, {"fields": ("name", "saved_address")}),
        (_("People"), {"fields": ("sign_up", "staff_need_second_factor")}),
        (_("Limits"), {"fields": ("uploads_per_day", "largest_release_gb", "copies_gb")}),
        (_("Pages of the site"), {"fields": ("rules", "privacy", "imprint")}),
        (_("The key that signs programs"), {"fields": ("public_key", "fingerprint")}),
    )
    readonly_fields = ("public_key", "fingerprint")

    @admin.display(description=_("public key"))
    def public_key(self, site: Site) -> str:
        """What visitors' programs check this site's downloads with."""
        return _known_key().hex() or "-"

    @admin.display(description=_("fingerprint of the key"))
    def fingerprint(self, site: Site) -> str:
        """What visitors' programs show when they meet this site for the first time."""
        return signature.fingerprint(_known_key()) if _known_key() else "-"
