"""The Top 40 in the admin: its switch, the sites that take part, and what went wrong with them."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from server.site.only_row import OnlyRowAdmin

from . import fetching
from .models import Aggregator, Feed, ForeignSite
from .pings import look_soon


@admin.register(Aggregator)
class AggregatorAdmin(OnlyRowAdmin[Aggregator]):
    """The switch."""


class FeedInline(admin.TabularInline[Feed, ForeignSite]):
    """The feeds of a site."""

    model = Feed
    template = "site/read_only_inline.html"
    extra = 0
    can_delete = False
    fields = readonly_fields = ("url", "asked_at", "next_at", "attempts", "error")

    def has_add_permission(self, request: HttpRequest, obj: ForeignSite | None = None) -> bool:
        """Feeds come by ping."""
        return False


@admin.register(ForeignSite)
class ForeignSiteAdmin(admin.ModelAdmin[ForeignSite]):
    """The sites that have pinged."""

    list_display = ("host", "name", "state", "offers", "first_seen_at")
    list_filter = ("state",)
    search_fields = ("host", "name")
    readonly_fields = ("host", "state", "first_seen_at")
    inlines = (FeedInline,)
    actions = ("approve", "block", "refetch")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Sites come by ping."""
        return False

    @admin.display(description=_("offers"))
    def offers(self, site: ForeignSite) -> int:
        """How many releases it claims to have."""
        return site.claims.count()

    @admin.action(description=_("List the chosen sites"), permissions=["change"])
    def approve(self, request: HttpRequest, queryset: QuerySet[ForeignSite]) -> None:
        """Let them take part."""
        for site in queryset:
            fetching.approve(site, timezone.now())

    @admin.action(description=_("Block the chosen sites"), permissions=["change"])
    def block(self, request: HttpRequest, queryset: QuerySet[ForeignSite]) -> None:
        """Never show or ask them again."""
        for site in queryset:
            fetching.block(site)

    @admin.action(description=_("Fetch their feeds again now"), permissions=["change"])
    def refetch(self, request: HttpRequest, queryset: QuerySet[ForeignSite]) -> None:
        """Do not wait for the next hour."""
        for feed in Feed.objects.filter(site__in=queryset):
            look_soon(feed, timezone.now(), at_once=True)
