"""The addresses of the files in the site's own copies."""

from django.urls import path

from . import views

app_name = "seeding"
urlpatterns = [
    path("files/<infohash:info_hash>/", views.files, name="files"),
    path("files/<infohash:info_hash>/<path:path>", views.file, name="file"),
]
