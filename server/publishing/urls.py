"""The addresses of the upload page and of the API."""

from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt

from . import mine, views
from .api import api, no_such_address

pages = [
    path("upload/", views.upload, name="upload"),
    path("upload/ticket/", views.ticket, name="ticket"),
    path("upload/easy/<str:platform>/", views.easy, name="easy"),
    path("upload/torrent/", views.torrent, name="torrent"),
    path("upload/news.json", views.news, name="news"),
    path("mine/", mine.releases, name="mine"),
    path("mine/access/", mine.access, name="access"),
    path("mine/access/tickets/<int:number>/revoke/", mine.revoke_ticket, name="revoke_ticket"),
    path("mine/access/tokens/<int:number>/revoke/", mine.revoke_token, name="revoke_token"),
    path("mine/<infohash:info_hash>/", mine.release, name="release"),
    path("mine/<infohash:info_hash>/delete/", mine.delete, name="delete"),
]

urlpatterns = [
    path("", include((pages, "publishing"))),
    path("api/v1/", api.urls),  # Has a namespace of its own, and looks for it on the outside.
    re_path(r"^api/", csrf_exempt(no_such_address)),
]
