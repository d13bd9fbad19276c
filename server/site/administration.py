"""The admin pages as one: their sign-in, their name, and their parts in the order of daily need."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.http import HttpRequest

DAILY = (
    *("catalog", "accounts", "site", "publishing", "seeding"),
    *("tracker", "aggregator", "feeds", "admin"),
)


class Administration(AdminSite):
    """Whoever signs in to it passes the same doors as elsewhere: lock-out and second factor."""

    site_header = site_title = "Passalong"

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Through the site's own page."""
        return secure_admin_login(super().login)(request, extra_context)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """What is needed each day first, what belongs to libraries last."""
        found = super().get_app_list(request, app_label)
        return sorted(found, key=lambda app: [*DAILY, app["app_label"]].index(app["app_label"]))
