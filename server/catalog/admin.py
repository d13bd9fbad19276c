"""Releases and categories in the admin. Hiding and deleting also turns the peers away."""

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from .models import Category, DownloadsCounted, Release
from .services import remove, set_hidden

GIVEN = ("info_hash", "info_hash_v2", "publisher", "size", "file_count", "published_at", "saved")


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin[Category]):
    """The shelves."""

    list_display = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Release)
class ReleaseAdmin(admin.ModelAdmin[Release]):
    """What is offered: its words can be changed, its torrent cannot."""

    list_display = (
        "title",
        "publisher",
        "category",
        "size",
        "sharing",
        "is_hidden",
        "published_at",
    )
    list_filter = ("is_hidden", "category", "published_at")
    list_select_related = ("publisher", "category", "swarm")
    search_fields = ("title", "info_hash", "publisher__username")
    date_hierarchy = "published_at"
    actions = ("hide", "show")
    fields = ("title", "description", "category", "is_hidden", "page", *GIVEN)
    readonly_fields = ("page", *GIVEN)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Releases come by upload ticket."""
        return False

    @admin.display(description=_("size"), ordering="total_size")
    def size(self, release: Release) -> str:
        """The size in words."""
        return filesizeformat(release.total_size)

    @admin.display(description=_("sharing now"))
    def sharing(self, release: Release) -> int:
        """How many people the tracker last saw."""
        return release.swarm.complete + release.swarm.incomplete

    @admin.display(description=_("carried by peers"))
    def saved(self, release: Release) -> str:
        """How often it was downloaded, and what that would have cost the site."""
        counted = DownloadsCounted.objects.filter(pk=release.pk).first()
        return str(counted) if counted else "-"

    @admin.display(description=_("page"))
    def page(self, release: Release) -> SafeString:
        """A link to the page that visitors see."""
        return format_html('<a href="{0}">{0}</a>', release.get_absolute_url())

    @admin.action(description=_("Hide the chosen releases"), permissions=["change"])
    def hide(self, request: HttpRequest, queryset: QuerySet[Release]) -> None:
        """Hide many."""
        for release in queryset:
            set_hidden(release, is_hidden=True)

    @admin.action(description=_("Show the chosen releases again"), permissions=["change"])
    def show(self, request: HttpRequest, queryset: QuerySet[Release]) -> None:
        """Show many."""
        for release in queryset:
            set_hidden(release, is_hidden=False)

    def save_model(
        self, request: HttpRequest, obj: Release, form: ModelForm[Release], change: bool
    ) -> None:
        """Tell the tracker when the release was hidden or shown."""
        super().save_model(request, obj, form, change)
        if "is_hidden" in form.changed_data:
            set_hidden(obj, is_hidden=obj.is_hidden)

    def delete_model(self, request: HttpRequest, obj: Release) -> None:
        """Delete one."""
        remove(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Release]) -> None:
        """Delete many."""
        for release in queryset:
            remove(release)
