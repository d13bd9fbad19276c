"""The site's own copies in the admin: how they are, and which of them are wanted."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import services
from .models import Copy


@admin.register(Copy)
class CopyAdmin(admin.ModelAdmin[Copy]):
    """The seeder begins and changes copies; here they are only told yes and no."""

    list_display = ("release", "state", "progress", "given", "trouble")
    list_filter = ("state",)
    list_select_related = ("release",)
    search_fields = ("release__title", "release__info_hash")
    ordering = ("-pk",)
    actions = ("keep", "give_up")
    fields = readonly_fields = ("release", "state", "progress", "given", "trouble", "progressed_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The seeder begins a copy of everything for which there is room."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Copy | None = None) -> bool:
        """Without its row it would only be fetched again."""
        return False

    @admin.display(description=_("fetched"))
    def progress(self, copy: Copy) -> str:
        """How much of the whole is here."""
        return _("%(done)s of %(whole)s") % {
            "done": filesizeformat(copy.done_bytes),
            "whole": filesizeformat(copy.release.total_size),
        }

    @admin.display(description=_("given to peers"), ordering="given_bytes")
    def given(self, copy: Copy) -> str:
        """How much others got from it, beside what was downloaded from the site's pages."""
        return filesizeformat(copy.given_bytes)

    @admin.action(description=_("Keep the chosen copies after all"), permissions=["change"])
    def keep(self, request: HttpRequest, queryset: QuerySet[Copy]) -> None:
        """Fetch them as soon as possible, also what was in trouble."""
        for copy in queryset.exclude(state=Copy.State.HERE).select_related("release"):
            services.begin(copy.release, timezone.now())
            self.log_change(request, copy, "kept")

    @admin.action(description=_("Give up and delete the chosen copies"), permissions=["change"])
    def give_up(self, request: HttpRequest, queryset: QuerySet[Copy]) -> None:
        """They do not come back by themselves."""
        for copy in queryset.select_related("release"):
            services.change(copy, Copy.State.UNWANTED)
            self.log_change(request, copy, "given up")
