"""The listing, the release page and the torrent file."""

import hashlib

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from installer.formats.metainfo import MIME_TYPE
from server.site.models import Site
from server.site.words import one_line

from . import picturing
from .describing import as_html
from .forms import ReportForm
from .models import Category, Picture, Release
from .pages import is_there, release_page, sharing_sentence
from .paging import Order, page_of
from .playing import playable_releases
from .programs import CLIENT_COOKIE
from .services import torrent_bytes

PAGES_OF_WORDS = {
    "rules": gettext_lazy("Rules"),
    "privacy": gettext_lazy("Privacy"),
    "imprint": gettext_lazy("Imprint"),
}
MOST_FEATURED = 3
SECONDS_A_TORRENT_IS_FRESH = 300
SECONDS_A_PICTURE_IS_FRESH = 365 * 24 * 3600
SECONDS_THE_CLIENT_IS_KNOWN = 365 * 24 * 3600


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The visible releases of a shelf, newest or most popular first, or what was searched for."""
    asked = request.GET
    words = one_line(asked.get("q", ""))[:200]
    order: Order = "popular" if asked.get("sort") == "popular" else "newest"
    categories = list(Category.objects.all())
    chosen = next((each for each in categories if each.slug == asked.get("category")), None)
    found = Release.objects.visible().for_listing()
    is_front = not set(asked) & {"q", "sort", "category", "before", "after"}
    if chosen is not None:
        found = found.filter(category=chosen)
    found = found.among_newest_matching(words) if order == "popular" else found.matching(words)
    context = {
        "page": page_of(found, order, before=asked.get("before", ""), after=asked.get("after", "")),
        "has_podcast": is_front and playable_releases().exists(),
        "featured": found.filter(is_featured=True)[:MOST_FEATURED] if is_front else [],
        "words": words,
        "order": order,
        "chosen": chosen,
        "categories": categories,
    }
    return render(request, "catalog/listing.html", context)


@require_safe
def release(request: HttpRequest, info_hash: str) -> HttpResponse:
    """One release."""
    return release_page(request, find_release(request, info_hash))


@require_safe
def torrent(request: HttpRequest, info_hash: str, slug: str) -> HttpResponse:
    """The torrent file, under the one name it has."""
    found = find_release(request, info_hash)
    if slug != found.slug:
        return redirect(found.torrent_path)
    content = torrent_bytes(found, Site.objects.current())
    etag = f'"{hashlib.sha256(content).hexdigest()}"'
    response = HttpResponse(content, content_type=MIME_TYPE)
    response["ETag"] = etag
    response["Cache-Control"] = (
        "no-store" if found.is_hidden else f"public, max-age={SECONDS_A_TORRENT_IS_FRESH}"
    )
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=f"{slug}.torrent") or ""
    )
    response["X-Content-Type-Options"] = "nosniff"
    return get_conditional_response(request, etag=etag, response=response) or response


@require_safe
def picture(request: HttpRequest, info_hash: str, size: str, digest: str) -> HttpResponse:
    """The picture of a release; another picture has another address."""
    found = find_release(request, info_hash)
    shown = get_object_or_404(Picture, release=found, digest=digest)
    if size not in {"large", "small"}:
        raise Http404
    content = shown.content if size == "large" else shown.thumbnail
    response = HttpResponse(bytes(content), content_type=picturing.CONTENT_TYPE)
    response["Cache-Control"] = (
        "no-store"
        if found.is_hidden
        else f"public, max-age={SECONDS_A_PICTURE_IS_FRESH}, immutable"
    )
    return response


@require_safe
def now(request: HttpRequest, info_hash: str) -> HttpResponse:
    """The sentence about who is sharing, for pages that stay open."""
    found = find_release(request, info_hash)
    answer = {"is_there": is_there(found), "sentence": sharing_sentence(found)}
    response = JsonResponse({"sharing": found.people_sharing, **answer})
    response["Cache-Control"] = "no-store"
    return response


def report(request: HttpRequest, info_hash: str) -> HttpResponse:
    """Say that a release should not be here."""
    found = find_release(request, info_hash)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="report"):
            form.add_error(None, _("That was many reports. Please wait an hour."))
        else:
            form.instance.release = found
            form.save()
            messages.success(request, _("Thank you. The people who run this site look at it."))
            return redirect(found)
    return render(request, "catalog/report.html", {"release": found, "form": form})


@require_safe
def words(request: HttpRequest, page: str) -> HttpResponse:
    """A page that the admin wrote; there is none as long as it is empty."""
    text = getattr(Site.objects.current(), page)
    if not text:
        raise Http404
    context = {"title": PAGES_OF_WORDS[page], "text": as_html(text)}
    return render(request, "catalog/words.html", context)


@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """Where the client leads its user's browser once: from now on this browser has the client."""
    response = render(request, "catalog/welcome.html")
    response["Cache-Control"] = "no-store"  # The cookie is for this browser alone.
    response.set_cookie(
        CLIENT_COOKIE,
        "1",
        max_age=SECONDS_THE_CLIENT_IS_KNOWN,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def find_release(request: HttpRequest, info_hash: str) -> Release:
    """The release, if this visitor may see it; without the torrent, which may have megabytes."""
    releases = Release.objects.select_related(
        "category", "publisher", "swarm", "torrent", "picture"
    ).defer(
        *("picture__content", "picture__thumbnail"), *("torrent__info", "torrent__piece_layers")
    )
    found = get_object_or_404(releases, info_hash=info_hash)
    if found.is_hidden and not _may_see_hidden(request, found):
        raise Http404
    return found


def _may_see_hidden(request: HttpRequest, release: Release) -> bool:
    user = request.user
    return user.is_authenticated and (
        user.pk == release.publisher_id or user.has_perm("catalog.view_release")
    )
