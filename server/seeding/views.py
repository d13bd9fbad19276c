"""The files of the site's own copies: web seed for programs (BEP 19), plain link for people."""

import logging
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from server.catalog.models import SiteCopy
from server.catalog.playing import MIME_TYPES
from server.catalog.views import find_release
from server.site import ranges, sending
from server.site.ranges import Unsatisfiable
from server.site.streaming import STREAMS_AT_ONCE, AllTaken, Streams

from .carrying import carried
from .copied import CopiedFile, DamagedCopyError, Zeros, find

log = logging.getLogger(__name__)

SECONDS_FRESH = 3600
# Every program in a swarm asks, also when its peers would do: a third of the places is left to
# those who click a button.
streams = Streams(STREAMS_AT_ONCE * 2 // 3)


@require_safe
def files(request: HttpRequest, info_hash: str) -> HttpResponse:
    """The web seed that torrents name; whoever opens it in a browser wants the release."""
    return redirect(find_release(request, info_hash))


@require_safe
def file(request: HttpRequest, info_hash: str, path: str) -> HttpResponseBase:
    """One file, or the part of it that was asked for."""
    release = find_release(request, info_hash)
    content = find(info_hash, path) if release.site_copy != SiteCopy.NONE else None
    if content is None:
        raise Http404
    if release.site_copy == SiteCopy.COMING:
        return _later(_("This site is still fetching its copy. Please try again in a minute."))
    try:
        response = _answer(request, info_hash, content, content_type(path))
    except AllTaken:
        return _later(_("Very many people are downloading at this moment. Please try again."))
    except DamagedCopyError as error:
        log.error("The site's copy of %s is damaged. %s", info_hash, error)
        return _later(_("This file cannot be read at the moment. Please try again later."))
    response["Content-Security-Policy"] = "sandbox"  # Whatever is in it: never a page of ours.
    response["Cache-Control"] = (
        "no-store" if release.is_hidden else f"public, max-age={SECONDS_FRESH}"
    )
    return sending.as_file(response, PurePosixPath(path).name)


def content_type(path: str) -> str:
    """Its own for what players play, so that they do; bytes for everything else."""
    return MIME_TYPES.get(PurePosixPath(path).suffix.lower(), sending.CONTENT_TYPE)


def _answer(
    request: HttpRequest, info_hash: str, content: CopiedFile | Zeros, content_type: str
) -> HttpResponseBase:
    if settings.ACCEL_COPIES and isinstance(content, CopiedFile):
        return _by_nginx(request, content, content_type)
    response = sending.resumable(request, content, content_type)
    if isinstance(response, StreamingHttpResponse):
        chunks = cast("Iterator[bytes]", response.streaming_content)
        if response.status_code == 206:
            chunks = carried.counting(info_hash, chunks)
        response.streaming_content = streams.begin(chunks)
    return response


def _by_nginx(request: HttpRequest, content: CopiedFile, content_type: str) -> HttpResponse:
    """Let nginx send it, which reads the headers for ranges and for what is known itself."""
    content.check()
    try:
        part = ranges.read(request.headers.get("Range", ""), content.size)
    except Unsatisfiable:
        part = None
    if part and request.method == "GET":
        carried.add(content.info_hash, part.size)
    inside = content.path.relative_to(settings.COPIES_DIR).as_posix()
    response = HttpResponse(content_type=content_type)
    response["X-Accel-Redirect"] = f"{settings.ACCEL_COPIES}{inside}"
    return response


def _later(sentence: str) -> HttpResponse:
    return sending.later(HttpResponse(f"{sentence}\n", content_type="text/plain; charset=utf-8"))
