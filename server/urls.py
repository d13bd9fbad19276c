"""The site's addresses: each app names its own, this file says where they hang."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

# Whoever signs in to the admin passes the same doors: lock-out and second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

admin.site.site_header = admin.site.site_title = "Passalong"

urlpatterns = [
    path("", include("server.catalog.urls")),
    path("", include("server.bundles.urls")),
    path("", include("server.aggregator.urls")),
    path("", include("server.feeds.urls")),
    path("", include("server.publishing.urls")),
    path("", include("server.accounts.urls")),
    path("", include("server.tracker.urls")),
    path("", include("server.running.urls")),
    path("admin/", admin.site.urls),
]
