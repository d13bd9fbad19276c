"""The site's addresses: each app names its own, this file says where they hang."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("server.catalog.urls")),
    path("", include("server.bundles.urls")),
    path("", include("server.aggregator.urls")),
    path("", include("server.feeds.urls")),
    path("", include("server.seeding.urls")),
    path("", include("server.publishing.urls")),
    path("", include("server.accounts.urls")),
    path("", include("server.tracker.urls")),
    path("", include("server.running.urls")),
    path("admin/", admin.site.urls),
]
