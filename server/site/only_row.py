"""Settings in the admin that are one row of a table: its list leads straight to it."""

from typing import Any, TypeVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

Row = TypeVar("Row", bound=Model)


class OnlyRowAdmin(admin.ModelAdmin[Row]):
    """Neither added nor deleted there."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The form of the row."""
        number = self.get_queryset(request).values_list("pk", flat=True).get()
        names = (self.admin_site.name, self.opts.app_label, self.opts.model_name)
        return HttpResponseRedirect(reverse("{}:{}_{}_change".format(*names), args=[number]))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """It is there already."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        """It is changed instead."""
        return False
