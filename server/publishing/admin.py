"""Upload tickets in the admin: who has one open, and taking it back."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import ApiToken, Ticket


@admin.register(Ticket)
class TicketAdmin(admin.ModelAdmin[Ticket]):
    """To look at and to revoke; issued on the upload page only."""

    list_display = ("user", "issued_at", "expires_at", "used_at", "revoked_at", "release")
    list_filter = ("issued_at",)
    list_select_related = ("user", "release")
    search_fields = ("user__username", "info_hash")
    actions = ("revoke",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A ticket made here would be one whose token nobody knows."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Ticket | None = None) -> bool:
        """Nothing about a ticket can be edited."""
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Those who may change tickets may take them back."""
        return request.user.has_perm("publishing.change_ticket")

    @admin.action(description=_("Revoke the chosen tickets"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Ticket]) -> None:
        """Make unused tickets worthless."""
        queryset.filter(used_at=None, revoked_at=None).update(revoked_at=timezone.now())


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin[ApiToken]):
    """Whose scripts may do what, and since when they have not."""

    list_display = ("name", "user", "scope", "expires_at", "used_at", "revoked_at")
    list_select_related = ("user",)
    search_fields = ("user__username", "name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People make their own."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        """Deleting one is enough."""
        return False
