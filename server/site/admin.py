"""The site's name and address in the admin: changed there, never added or deleted."""

from django.contrib import admin
from django.http import HttpRequest

from .models import Site


@admin.register(Site)
class SiteAdmin(admin.ModelAdmin[Site]):
    """Edits the one row."""

    fields = ("name", "saved_address")
    list_display = ("name", "saved_address")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Set-up adds the row."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Site | None = None) -> bool:
        """Without the row anybody could set the site up again."""
        return False
