"""The addresses of the listing and of each release."""

from django.urls import path, register_converter

from . import views


class InfoHash:
    """Forty hexadecimal digits in lower case: a release has one address."""

    regex = "[0-9a-f]{40}"

    def to_python(self, value: str) -> str:
        """The text itself."""
        return value

    def to_url(self, value: str) -> str:
        """The text itself."""
        return value


register_converter(InfoHash, "infohash")

app_name = "catalog"
urlpatterns = [
    path("", views.listing, name="listing"),
    path("torrents/<infohash:info_hash>/", views.release, name="release"),
    path("torrents/<infohash:info_hash>/<slug:slug>.torrent", views.torrent, name="torrent"),
    path(
        "torrents/<infohash:info_hash>/picture/<str:size>-<slug:digest>.webp",
        views.picture,
        name="picture",
    ),
    path("torrents/<infohash:info_hash>/report/", views.report, name="report"),
    path("torrents/<infohash:info_hash>/now.json", views.now, name="now"),
    *(path(f"{page}/", views.words, {"page": page}, name=page) for page in views.PAGES_OF_WORDS),
    path("welcome/", views.welcome, name="welcome"),
]
