"""The addresses of Easy download."""

from django.urls import path

from . import views

app_name = "bundles"
urlpatterns = [
    path("torrents/<infohash:info_hash>/easy/<str:platform>/", views.easy, name="easy"),
    path("torrents/<infohash:info_hash>/easy/<str:platform>/sha256", views.sha256, name="sha256"),
]
