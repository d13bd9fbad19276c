"""The tracker's numbers in the admin: to look at, not to change."""

from django.contrib import admin
from django.http import HttpRequest

from .models import TrackedTorrent


@admin.register(TrackedTorrent)
class TrackedTorrentAdmin(admin.ModelAdmin[TrackedTorrent]):
    """Shows what the tracker wrote."""

    list_display = (
        "info_hash",
        "is_welcome",
        "complete",
        "incomplete",
        "downloaded",
        "counted_at",
    )
    list_filter = ("is_welcome",)
    search_fields = ("info_hash",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Publishing adds torrents."""
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: TrackedTorrent | None = None
    ) -> bool:
        """The tracker counts."""
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: TrackedTorrent | None = None
    ) -> bool:
        """A torrent that is not wanted any more is refused, so that its downloads stay known."""
        return False
