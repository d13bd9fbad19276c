"""The first visit, one's own account, and following an invitation."""

from allauth.account.views import password_reset
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from server.site.models import Site

from . import setup_code
from .adapter import INVITATION_IN_SESSION
from .forms import SetUpForm
from .locality import is_local
from .models import Invitation, User
from .services import AlreadySetUp, set_up


@sensitive_post_parameters()
@never_cache
def setup(request: HttpRequest) -> HttpResponse:
    """Make the site and its first admin; there is no such page afterwards."""
    if Site.objects.is_set_up():
        raise Http404
    code = request.POST.get("code") or request.GET.get("code", "")
    if not is_local(request):
        if code and not _may_try_code(request, dry_run=True):
            return HttpResponse(_("Too many wrong codes. Please wait a minute."), status=429)
        if not setup_code.is_right(code):
            return _ask_for_code(request, is_wrong=bool(code))
    form = SetUpForm(request.POST or None, initial={"address": _address_guess(request)})
    if not form.is_valid():
        return render(request, "accounts/setup.html", {"form": form, "code": code})
    return _set_up(request, form)


def _ask_for_code(request: HttpRequest, *, is_wrong: bool) -> HttpResponse:
    if is_wrong:
        _may_try_code(request)
    return render(request, "accounts/setup_code.html", {"is_wrong": is_wrong}, status=403)


def _may_try_code(request: HttpRequest, *, dry_run: bool = False) -> bool:
    # allauth's public `consume` counts no GET, and the code comes with one.
    app, action = "allauth.account", "setup_code"
    usage = ratelimit.consume(request, app=app, action=action, limit_get=True, dry_run=dry_run)
    return usage is not None


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


@never_cache
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """One's own account: what there is to change."""
    assert isinstance(request.user, User)
    roles = [group.name for group in request.user.groups.all()]
    context = {"roles": roles, "has_mail": bool(settings.EMAIL_URL)}
    return render(request, "accounts/account.html", context)


@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Remember the invitation, and go on to make the account."""
    if not Invitation.objects.named(token).usable(timezone.now()).exists():
        return render(request, "accounts/invitation_over.html", status=410)
    request.session[INVITATION_IN_SESSION] = token
    return redirect("account_signup")


def reset_password(request: HttpRequest) -> HttpResponseBase:
    """By mail; on a site without mail, say whom to ask."""
    if not settings.EMAIL_URL:
        return render(request, "accounts/no_mail.html")
    answer: HttpResponseBase = password_reset(request)
    return answer
