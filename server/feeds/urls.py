"""The addresses of the feeds."""

from django.urls import path, re_path

from . import views

app_name = "feeds"
urlpatterns = [
    path("feeds/", views.explanation, name="explanation"),
    path("feeds.opml", views.subscriptions, name="subscriptions"),
    path("feed.xml", views.everything, name="everything"),
    path("feed/popular.xml", views.popular, name="popular"),
    path("podcast.xml", views.podcast, name="podcast"),
    path("stats.json", views.statistics, name="statistics"),
    re_path(r"^feed/publisher/(?P<name>[\w.@+-]+)\.xml$", views.publisher, name="publisher"),
    path("feed/<slug:slug>.xml", views.category, name="category"),
]
