"""The tracker in the admin: its numbers to look at, its block list to change."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from .models import BlockedTorrent, TrackedTorrent


@admin.register(TrackedTorrent)
class TrackedTorrentAdmin(admin.ModelAdmin[TrackedTorrent]):
    """Shows what the tracker wrote."""

    list_display = (
        "info_hash",
        "name",
        "is_welcome",
        "complete",
        "incomplete",
        "downloaded",
        "counted_at",
    )
    list_filter = ("is_welcome", "is_in_folder")
    search_fields = ("info_hash", "name")

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


class BlockForm(forms.ModelForm[BlockedTorrent]):
    """Takes an info-hash as people copy it."""

    class Meta:
        model = BlockedTorrent
        fields = ("info_hash", "reason")

    def clean_info_hash(self) -> str:
        """Forty hexadecimal digits in lower case."""
        text: str = self.cleaned_data["info_hash"].strip().lower()
        try:
            info_hash = bytes.fromhex(text)
        except ValueError:
            info_hash = b""
        if len(info_hash) != 20:
            raise ValidationError(_("An info-hash has 40 digits from 0 to 9 and a to f."))
        return info_hash.hex()


@admin.register(BlockedTorrent)
class BlockedTorrentAdmin(admin.ModelAdmin[BlockedTorrent]):
    """The info-hashes that are never tracked."""

    form = BlockForm
    list_display = ("info_hash", "reason", "blocked_at")
    search_fields = ("info_hash", "reason")
