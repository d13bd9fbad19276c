"""The upload page, and the two ways to carry a ticket home: a small file, or a program."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from installer.errors import PassalongError
from installer.formats import ticket as ticket_format
from server.accounts.models import User
from server.bundles.responses import bundle_response, busy_notice
from server.bundles.services import file_name, upload_bundle
from server.catalog.models import Category, Release
from server.catalog.naming import file_stem
from server.catalog.pages import qr_code
from server.catalog.programs import (
    PHONE,
    PLATFORM_HEADERS,
    PLATFORM_NAMES,
    has_client,
    platforms_with_program,
    program_for,
    visitor_kind,
)
from server.catalog.services import set_picture
from server.site.models import Site
from server.site.sending import later
from server.site.streaming import AllTaken

from .errors import PublishingError
from .forms import TorrentForm
from .services import Words, issue_ticket, may_publish, publish_as

log = logging.getLogger(__name__)

PublisherView = Callable[..., HttpResponseBase]


def for_publishers(view: PublisherView) -> PublisherView:
    """Let publishers in who pressed a button; show everybody else the upload page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponseBase:
        if request.method != "POST" or not request.user.is_authenticated:
            return redirect("publishing:upload")
        if not may_publish(request.user):
            return upload_page(request)
        try:
            return view(request, *args, **kwargs)
        except PublishingError as error:
            return upload_page(request, error.message, error.status)

    return guarded


@require_safe
@never_cache
@login_required
def upload(request: HttpRequest) -> HttpResponse:
    """One button, and what happens after it."""
    return upload_page(request)


def upload_page(request: HttpRequest, notice: str = "", status: int = 200) -> HttpResponse:
    """The page itself, with a sentence on top if something did not work out."""
    if not isinstance(request.user, User) or not may_publish(request.user):
        return render(request, "publishing/may_not_publish.html", status=403)
    kind = visitor_kind(request)
    platform = kind if kind in PLATFORM_NAMES else None
    site = Site.objects.current()
    address = site.url(reverse("publishing:upload"))
    has_program = platform is not None and program_for(platform) is not None
    context = {
        "platform": platform,
        "platform_name": PLATFORM_NAMES.get(platform or "", ""),
        "has_client": has_client(request),
        "has_program": has_program,
        "programs": [(each, PLATFORM_NAMES[each]) for each in platforms_with_program()],
        "since": int(timezone.now().timestamp()),
        "notice": notice,
        "address": address,
        "announce": site.announce_urls()[0],
        "code": qr_code(address) if kind == PHONE else "",
    }
    response = render(request, "publishing/upload.html", context, status=status)
    patch_vary_headers(response, PLATFORM_HEADERS)
    return response


@for_publishers
def ticket(request: HttpRequest) -> HttpResponseBase:
    """A ticket as a small file, for those who have the program."""
    assert isinstance(request.user, User)
    _row, values = issue_ticket(request.user, timezone.now())
    response = HttpResponse(ticket_format.write(values), content_type=ticket_format.MIME_TYPE)
    name = f"upload-to-{_site_stem().lower()}{ticket_format.EXTENSION}"
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or ""
    )
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@for_publishers
def easy(request: HttpRequest, platform: str) -> HttpResponseBase:
    """The program with a ticket inside, for those who do not have it yet."""
    if platform not in PLATFORM_NAMES:
        raise Http404
    assert isinstance(request.user, User)
    if program_for(platform) is not None:
        _row, values = issue_ticket(request.user, timezone.now())
        bundle = upload_bundle(values, platform)
        if bundle is not None:
            name = file_name(f"Upload-to-{_site_stem()}", platform)
            try:
                return bundle_response(request, bundle, name, is_cacheable=False)
            except AllTaken:
                return later(upload_page(request, busy_notice()))
            except PassalongError as error:
                log.warning("The program for %s cannot be handed out: %s", platform, error)
    return upload_page(request, _missing(PLATFORM_NAMES[platform]))


@never_cache
@login_required
def torrent(request: HttpRequest) -> HttpResponse:
    """Publish a torrent that was made elsewhere."""
    if not isinstance(request.user, User) or not may_publish(request.user):
        return upload_page(request)
    form = TorrentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            published = _publish(request.user, form.cleaned_data)
            messages.success(request, _what_comes_next(published, form.cleaned_data["torrent"]))
            return redirect(published)
        except PublishingError as error:
            form.add_error("torrent", error.message)
    return render(request, "publishing/torrent.html", {"form": form})


@require_safe
@never_cache
@login_required
def news(request: HttpRequest) -> HttpResponse:
    """What has arrived from this person since a moment: asked by the upload page that waits."""
    since = request.GET.get("since", "")
    if not (since.isascii() and since.isdigit() and len(since) < 12):
        return JsonResponse({"url": None}, status=400)
    moment = datetime.fromtimestamp(int(since), UTC)
    arrived = Release.objects.filter(publisher=request.user.pk, published_at__gte=moment).first()
    return JsonResponse({"url": arrived.get_absolute_url() if arrived else None})


def _publish(user: User, given: dict[str, Any]) -> Release:
    category: Category | None = given["category"]
    words = Words(given["title"], given["description"], category.slug if category else "")
    keeps = bool(given["keeps_trackers"])
    published = publish_as(user, given["torrent"], words, timezone.now(), keeps_trackers=keeps)
    if given["picture"]:
        set_picture(published.release, given["picture"])
    return published.release


def _what_comes_next(release: Release, torrent: bytes) -> str:
    if release.foreign_trackers:
        return _("It is published. Those who share it go on meeting where they did.")
    if any(url.encode() in torrent for url in Site.objects.current().announce_urls()):
        return _("It is published. Leave your program running until others have the files.")
    return _(
        "It is published, but nobody shares it here yet: open the torrent file of this page in "
        "your own program, and show it where the files are."
    )


def _site_stem() -> str:
    return file_stem(Site.objects.current().name) or "Passalong"


def _missing(platform_name: str) -> str:
    return _(
        "There is no program for %(platform)s on this site yet. "
        "If you have Passalong already, take the ticket file."
    ) % {"platform": platform_name}
