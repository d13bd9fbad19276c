"""The addresses of the upload page and of the API."""

from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt

from . import views
from .api import api, no_such_address

pages = [
    path("upload/", views.upload, name="upload"),
    path("upload/ticket/", views.ticket, name="ticket"),
    path("upload/easy/<str:platform>/", views.easy, name="easy"),
]

urlpatterns = [
    path("", include((pages, "publishing"))),
    path("api/v1/", api.urls),  # Has a namespace of its own, and looks for it on the outside.
    re_path(r"^api/", csrf_exempt(no_such_address)),
]
