"""The listing, the release page and the torrent file."""

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from installer.formats.metainfo import MIME_TYPE
from server.site.models import Site
from server.site.words import one_line

from . import picturing
from .models import Category, Picture, Release
from .pages import release_page
from .paging import Order, page_of
from .programs import CLIENT_COOKIE
from .services import torrent_bytes

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
    if chosen is not None:
        found = found.filter(category=chosen)
    found = found.among_newest_matching(words) if order == "popular" else found.matching(words)
    context = {
        "page": page_of(found, order, before=asked.get("before", ""), after=asked.get("after", "")),
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
def welcome(request: HttpRequest) -> HttpResponse:
    """Where the client leads its user's browser once: from now on this browser has the client."""
    response = render(request, "catalog/welcome.html")
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
    """The release, if this visitor may see it."""
    releases = Release.objects.select_related(
        "category", "publisher", "swarm", "torrent", "picture"
    ).defer("picture__content", "picture__thumbnail")
    found = get_object_or_404(releases, info_hash=info_hash)
    if found.is_hidden and not _may_see_hidden(request, found):
        raise Http404
    return found


def _may_see_hidden(request: HttpRequest, release: Release) -> bool:
    user = request.user
    return user.is_authenticated and (
        user.pk == release.publisher_id or user.has_perm("catalog.view_release")
    )
