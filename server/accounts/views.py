"""The first visit, signing in and out, and changing one's password."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, views
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.messages.views import SuccessMessageMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from server.site.models import Site

from . import setup_code
from .forms import SetUpForm
from .locality import is_local
from .services import AlreadySetUp, set_up


@sensitive_post_parameters()
@never_cache
def setup(request: HttpRequest) -> HttpResponse:
    """Make the site and its first admin; there is no such page afterwards."""
    if Site.objects.is_set_up():
        raise Http404
    code = request.POST.get("code") or request.GET.get("code", "")
    if not is_local(request) and not setup_code.is_right(code):
        return render(request, "accounts/setup_code.html", {"is_wrong": bool(code)}, status=403)
    form = SetUpForm(request.POST or None, initial={"address": _address_guess(request)})
    if not form.is_valid():
        return render(request, "accounts/setup.html", {"form": form, "code": code})
    return _set_up(request, form)


def _set_up(request: HttpRequest, form: SetUpForm) -> HttpResponse:
    given = form.cleaned_data
    try:
        admin = set_up(
            site_name=given["site_name"],
            address=given["address"],
            user_name=given["user_name"],
            password=given["password"],
        )
    except AlreadySetUp:
        return render(request, "accounts/already_set_up.html", status=409)
    login(request, admin)
    messages.success(request, _("The site is ready. Publish your first file."))
    return redirect("publishing:upload")


def _address_guess(request: HttpRequest) -> str:
    return settings.SITE_URL or f"{request.scheme}://{request.get_host()}"


class SignIn(views.LoginView):
    """Sign in by name and password; `next` leads only to pages of this site."""

    template_name = "accounts/login.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Leave out Django's own idea of a site, which would stand in the place of ours."""
        context = super().get_context_data(**kwargs)
        del context["site"]
        return context


class SignOut(views.LogoutView):
    """Sign out, by POST only."""


class ChangePassword(SuccessMessageMixin[PasswordChangeForm], views.PasswordChangeView):
    """Change one's own password."""

    template_name = "accounts/password.html"
    success_url = "/"
    success_message = gettext_lazy("Your new password is in use from now on.")
