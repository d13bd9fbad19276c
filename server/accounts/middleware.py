"""Until somebody has set the site up, every page says so; only set-up itself is open."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from server.site.models import Site

from .locality import is_local

ALWAYS_OPEN = frozenset({"/setup/", "/healthz"})


class NotSetUpYet:
    """Answers 503 in place of all pages. Asks the database only until the answer is yes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.is_set_up = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on if the site is set up or the page is needed for that."""
        if self.is_set_up or self._is_open(request.path):
            return self.get_response(request)
        self.is_set_up = Site.objects.is_set_up()
        if self.is_set_up:
            return self.get_response(request)
        return _not_set_up_yet(request)

    def _is_open(self, path: str) -> bool:
        return path in ALWAYS_OPEN or path.startswith(settings.STATIC_URL)


def _not_set_up_yet(request: HttpRequest) -> HttpResponse:
    context = {"is_local": is_local(request)}
    response = render(request, "accounts/not_set_up_yet.html", context, status=503)
    add_never_cache_headers(response)
    return response
