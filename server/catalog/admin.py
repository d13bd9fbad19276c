"""Releases and categories in the admin. Hiding and deleting also turns the peers away."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from server.tracker import services as tracker

from .models import Category, DownloadsCounted, Release, Report, TorrentFile
from .services import block, change_words, files_of, remove, set_hidden

FILES_IN_ADMIN = 1_000
GIVEN = ("info_hash", "info_hash_v2", "publisher", "size", "file_count", "published_at", "saved")


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin[Category]):
    """The shelves."""

    list_display = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}


class FilesInline(admin.StackedInline[TorrentFile, Release]):
    """The files of a release, which nobody can change."""

    model = TorrentFile
    template = "catalog/admin_files.html"
    verbose_name = _("files")
    can_delete = False
    fields = readonly_fields = ("files",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[TorrentFile]:
        """Without the hashes."""
        return super().get_queryset(request).defer("info", "piece_layers").select_related("release")

    def has_add_permission(self, request: HttpRequest, obj: Release | None = None) -> bool:
        """Each release came with its files."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Release | None = None) -> bool:
        """The files are what the release is."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Release | None = None) -> bool:
        """Whoever sees the release sees its files."""
        return True

    @admin.display(description=_("files"))
    def files(self, torrent: TorrentFile) -> SafeString:
        """The paths with their sizes, as far as a page can bear them."""
        listed = files_of(torrent.release)
        shown = [(path, filesizeformat(size)) for path, size in listed[:FILES_IN_ADMIN]]
        context = {"files": shown, "more_files": max(0, len(listed) - FILES_IN_ADMIN)}
        return render_to_string("catalog/admin_file_table.html", context)


@admin.register(Release)
class ReleaseAdmin(admin.ModelAdmin[Release]):
    """What is offered: its words can be changed, its torrent cannot."""

    list_display = (
        "title",
        "publisher",
        "size",
        "sharing",
        "popularity",
        "is_hidden",
        "published_at",
    )
    list_filter = ("is_hidden", "is_featured", "category", "published_at")
    list_select_related = ("publisher", "category", "swarm")
    search_fields = ("title", "info_hash", "publisher__username")
    date_hierarchy = "published_at"
    actions = ("hide", "show", "feature", "unfeature", "block")
    fields = (
        *("title", "description", "category", "is_hidden", "is_featured", "replaced_by"),
        *("page", *GIVEN),
    )
    readonly_fields = ("page", *GIVEN)
    inlines = (FilesInline,)
    raw_id_fields = ("replaced_by",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Releases come by upload ticket."""
        return False

    @admin.display(description=_("size"), ordering="total_size")
    def size(self, release: Release) -> str:
        """The size in words."""
        return filesizeformat(release.total_size)

    @admin.display(description=_("sharing now"))
    def sharing(self, release: Release) -> int:
        """How many people the tracker last saw, without the site itself."""
        return release.people_sharing

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
            set_hidden(release, is_hidden=True, by_staff=True)
            self.log_change(request, release, "hidden")

    @admin.action(description=_("Show the chosen releases again"), permissions=["change"])
    def show(self, request: HttpRequest, queryset: QuerySet[Release]) -> None:
        """Show many, except what is blocked."""
        for release in queryset:
            try:
                set_hidden(release, is_hidden=False)
            except ValidationError as error:
                message = f"{release}: {' '.join(error.messages)}"
                self.message_user(request, message, messages.ERROR)
            else:
                self.log_change(request, release, "shown")

    @admin.action(description=_("Put the chosen releases on top"), permissions=["change"])
    def feature(self, request: HttpRequest, queryset: QuerySet[Release]) -> None:
        """Feature many."""
        self._feature(request, queryset, is_featured=True)

    @admin.action(description=_("Take the chosen releases from the top"), permissions=["change"])
    def unfeature(self, request: HttpRequest, queryset: QuerySet[Release]) -> None:
        """Feature many no longer."""
        self._feature(request, queryset, is_featured=False)

    @admin.action(
        description=_("Hide the chosen releases and block their info-hashes"),
        permissions=["change"],
    )
    def block(self, request: HttpRequest, queryset: QuerySet[Release]) -> None:
        """Never again."""
        for release in queryset:
            block(release, f"by {request.user}")
            self.log_change(request, release, "blocked")

    def _feature(
        self, request: HttpRequest, queryset: QuerySet[Release], *, is_featured: bool
    ) -> None:
        for release in queryset:
            Release.objects.filter(pk=release.pk).update(is_featured=is_featured)
            self.log_change(request, release, "featured" if is_featured else "not featured")

    def save_model(
        self, request: HttpRequest, obj: Release, form: ModelForm[Release], change: bool
    ) -> None:
        """Let it be found by its new words; tell the tracker when it was hidden or shown."""
        change_words(obj)
        if "is_hidden" in form.changed_data:
            set_hidden(obj, is_hidden=obj.is_hidden, by_staff=True)

    def delete_model(self, request: HttpRequest, obj: Release) -> None:
        """Delete one."""
        remove(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Release]) -> None:
        """Delete many."""
        for release in queryset:
            remove(release)


class IsOpen(admin.SimpleListFilter):
    """Whether somebody has decided."""

    title = _("decision")
    parameter_name = "is_open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Open or settled."""
        return [("yes", _("waits for you")), ("no", _("settled"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Report]) -> QuerySet[Report]:
        """Those that were chosen."""
        if self.value() is None:
            return queryset
        return queryset.filter(settled_at__isnull=self.value() == "yes")


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin[Report]):
    """The queue of what visitors reported; the unsettled ones first."""

    change_form_template = "catalog/admin_report.html"
    list_display = ("made_at", "release_link", "reason", "text", "answer_to", "settled_by")
    list_display_links = ("made_at",)
    list_filter = (IsOpen, "reason")
    list_select_related = ("release", "settled_by")
    ordering = (F("settled_at").desc(nulls_first=True), "made_at")
    actions = ("settle", "block")
    fields = (
        *("release_link", "publisher", "reason", "text", "answer_to"),
        *("made_at", "settled_at", "settled_by"),
    )
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Visitors report on the release's page."""
        return False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One report; its buttons decide like the actions of the list."""
        report = self.get_object(request, object_id)
        decide = next((each for each in ("settle", "block") if each in request.POST), None)
        if decide is None or report is None or not self.has_change_permission(request, report):
            return super().change_view(request, object_id, form_url, extra_context)
        getattr(self, decide)(request, Report.objects.filter(pk=report.pk))
        self.message_user(request, _("Settled: %(report)s") % {"report": report}, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:catalog_report_changelist"))

    @admin.display(description=_("publisher"))
    def publisher(self, report: Report) -> str:
        """Whose release it is."""
        return str(report.release.publisher) if report.release else "-"

    @admin.display(description=_("answer to"))
    def answer_to(self, report: Report) -> str:
        """Where the visitor wants an answer."""
        return report.contact or "-"

    @admin.display(description=_("release"))
    def release_link(self, report: Report) -> SafeString:
        """The title, leading to the page; title and info-hash of what is gone."""
        release = report.release
        if release is None:
            return format_html("{}<br>{}", report.removed_title, report.removed_hash)
        return format_html('<a href="{}">{}</a>', release.get_absolute_url(), release.title)

    @admin.action(description=_("Settled: nothing has to be done"), permissions=["change"])
    def settle(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        """Leave the releases alone."""
        for report in queryset:
            self.log_change(request, report, "settled")
        queryset.update(settled_at=timezone.now(), settled_by=request.user.pk)

    @admin.action(
        description=_("Settled: hide the releases and block their info-hashes"),
        permissions=["change"],
    )
    def block(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        """Take the releases away, which settles what others reported of them too."""
        of_same = Q(release__in=queryset.values("release"), settled_at=None)
        chosen = list(Report.objects.filter(Q(pk__in=queryset.values("pk")) | of_same))
        for report in chosen:
            reason = f"{report.get_reason_display()}, by {request.user}"
            if report.release is not None:
                block(report.release, reason)
            else:
                tracker.block(bytes.fromhex(report.removed_hash), reason)
            self.log_change(request, report, "blocked")
        settled = Report.objects.filter(pk__in=[report.pk for report in chosen])
        settled.update(settled_at=timezone.now(), settled_by=request.user.pk)
