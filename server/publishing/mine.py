"""A publisher's own pages: releases with their numbers, open tickets, tokens for scripts."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from server.accounts.models import User
from server.catalog.forms import ReleaseForm
from server.catalog.graphing import graph_of
from server.catalog.models import Release
from server.catalog.services import remove

from .forms import TokenForm
from .models import ApiToken, Scope, Ticket
from .services import may_publish
from .tokens import make_token

RELEASES_PER_PAGE = 50

View = Callable[..., HttpResponse]


def for_publishers(view: View) -> View:
    """Let in those who may publish; ask the others to sign in, or tell them what to do."""

    @wraps(view)
    @never_cache
    @login_required
    def guarded(request: HttpRequest, *args: str, **kwargs: str | int) -> HttpResponse:
        if not isinstance(request.user, User) or not may_publish(request.user):
            return render(request, "publishing/may_not_publish.html", status=403)
        return view(request, *args, **kwargs)

    return guarded


@for_publishers
def releases(request: HttpRequest) -> HttpResponse:
    """All of one's releases."""
    found = _own(request)
    context = {
        "page": Paginator(found, RELEASES_PER_PAGE).get_page(request.GET.get("page")),
        "downloads": found.aggregate(number=Sum("swarm__downloaded"))["number"] or 0,
    }
    return render(request, "publishing/releases.html", context)


@for_publishers
def release(request: HttpRequest, info_hash: str) -> HttpResponse:
    """One of them: its numbers, and everything of it that can change."""
    found = get_object_or_404(_own(request), info_hash=info_hash)
    form = ReleaseForm(request.POST or None, request.FILES or None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect(found)
    context = {
        "release": found,
        "form": form,
        "graph": graph_of(found, timezone.now().date()),
        "days": found.days.order_by("-day")[:30],
    }
    return render(request, "publishing/release.html", context)


@for_publishers
def delete(request: HttpRequest, info_hash: str) -> HttpResponse:
    """Ask once more, then take it away."""
    found = get_object_or_404(_own(request), info_hash=info_hash)
    if found.hidden_by_staff:  # Published once more it would be seen again.
        messages.error(request, _("A moderator has hidden this release. Ask them to delete it."))
        return redirect("publishing:release", info_hash)
    if request.method == "POST":
        remove(found)
        messages.success(request, _("The release is gone."))
        return redirect("publishing:mine")
    return render(request, "publishing/delete.html", {"release": found})


@for_publishers
def access(request: HttpRequest) -> HttpResponse:
    """Open tickets and API tokens; a new token is shown once, here."""
    assert isinstance(request.user, User)
    form, token, now = TokenForm(request.POST or None), "", timezone.now()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        token = make_token(request.user, given["name"], Scope(given["scope"]), given["days"], now)
        form = TokenForm()
    context = {
        "form": form,
        "token": token,
        "tickets": Ticket.objects.usable(now).filter(user=request.user),
        "tokens": ApiToken.objects.usable(now).filter(user=request.user),
    }
    return render(request, "publishing/access.html", context)


@for_publishers
@require_POST
def revoke_ticket(request: HttpRequest, number: int) -> HttpResponse:
    """Make an open ticket worthless."""
    now = timezone.now()
    own = Ticket.objects.usable(now).filter(user=request.user.pk, pk=number)
    own.update(revoked_at=now)
    return redirect("publishing:access")


@for_publishers
@require_POST
def revoke_token(request: HttpRequest, number: int) -> HttpResponse:
    """Make an API token worthless."""
    now = timezone.now()
    ApiToken.objects.usable(now).filter(user=request.user.pk, pk=number).update(revoked_at=now)
    return redirect("publishing:access")


def _own(request: HttpRequest) -> QuerySet[Release]:
    found = Release.objects.filter(publisher=request.user.pk)
    return found.select_related("swarm", "category", "picture").defer(
        "picture__content", "picture__thumbnail"
    )
