"""The addresses of the Top 40, and where other sites ping."""

from django.urls import path

from . import views

app_name = "aggregator"
urlpatterns = [
    path("ping/", views.ping, name="ping"),
    path("top/", views.top_page, name="top"),
    path("top/feed.xml", views.top_feed, name="top_feed"),
    path("top/top.json", views.top_json, name="top_json"),
    path("top/sites.opml", views.sites, name="sites"),
]
