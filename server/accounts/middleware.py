"""Who gets past the door: nobody before the site is set up, and staff as the site wants it."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

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


class SecondFactorForStaff:
    """Keeps people without a second factor from the admin pages, if the site wants that."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, or lead to where a second factor is added."""
        if request.path.startswith("/admin/") and self._is_missing(request):
            messages.warning(request, _("The admin pages need a second factor. Add one first."))
            return redirect("mfa_index")
        return self.get_response(request)

    def _is_missing(self, request: HttpRequest) -> bool:
        user = request.user
        if not user.is_authenticated or not user.is_staff:
            return False
        return Site.objects.current().staff_need_second_factor and not is_mfa_enabled(user)


def _not_set_up_yet(request: HttpRequest) -> HttpResponse:
    context = {"is_local": is_local(request)}
    response = render(request, "accounts/not_set_up_yet.html", context, status=503)
    add_never_cache_headers(response)
    return response
