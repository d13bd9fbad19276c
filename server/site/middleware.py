"""What every request passes: whether its host name is the site's, the language, and caches' rules.

`ALLOWED_HOSTS` cannot hold the names, since the admin may change the address while the site runs.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers, patch_cache_control

from .models import Site
from .proxies import is_loopback

ALWAYS_ANSWERED = frozenset({"/healthz"})
# Some of these pages show a secret, such as that of an authenticator app.
NEVER_KEPT = ("/accounts/", "/admin/", "/setup/")


class KnownHost:
    """Refuses requests that name another host, so that no cache learns foreign links from us."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, or say where the site is."""
        host = split_domain_port(request.get_host())[0].strip("[]")
        if request.path in ALWAYS_ANSWERED or is_loopback(host) or host == "localhost":
            return self.get_response(request)
        site = Site.objects.filter(pk=Site.ONLY).first()
        if site is None or host == site.host or settings.DEBUG:
            return self.get_response(request)
        # Without `site` the page has no links of its own: they would lead to the wrong host again.
        context = {"site": None, "this_site": None, "address": site.address}
        return render(request, "site/unknown_host.html", context, status=400)


class ForOneVisitor:
    """Keeps caches from showing one visitor what was made for another; views may say more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Mark what belongs to a session, or brings a cookie."""
        response = self.get_response(request)
        if "Cache-Control" in response:
            return response
        if request.path.startswith(NEVER_KEPT):
            add_never_cache_headers(response)
        elif response.cookies or settings.SESSION_COOKIE_NAME in request.COOKIES:
            patch_cache_control(response, private=True, no_cache=True)
        return response


class LanguageOfPages(LocaleMiddleware):
    """Chooses the visitor's language for pages. Files have none: one copy of each is enough."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Let caches tell pages apart by language; 304 is only ever said of a file."""
        if "Content-Disposition" in response or response.status_code == 304:
            return response
        return super().process_response(request, response)
