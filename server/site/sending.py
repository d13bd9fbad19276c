"""Many bytes as an HTTP answer: streamed, resumable, never more than a piece of them in memory.

What the bytes are, and who may have them, is the business of the apps.
"""

from collections.abc import Iterator
from typing import Protocol

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from . import ranges
from .ranges import Part, Unsatisfiable
from .streaming import STREAMS_AT_ONCE, Streams

SECONDS_UNTIL_RETRY = 60
CONTENT_TYPE = "application/octet-stream"

streams = Streams(STREAMS_AT_ONCE)


class Content(Protocol):
    """Bytes that have a name of their own, and can be read from any of them on."""

    @property
    def size(self) -> int:
        """How many there are."""

    @property
    def etag(self) -> str:
        """Strong: two with one tag have the same bytes."""

    def chunks(self, start: int, stop: int) -> Iterator[bytes]:
        """Those from start to before stop; raises at once when they are not to be had."""


def whole(
    request: HttpRequest, content: Content, content_type: str = CONTENT_TYPE
) -> HttpResponseBase:
    """All of it, whatever part was asked for; raises `AllTaken`, and what `chunks` raises."""
    return _answer(request, content, Part(0, content.size), content_type)


def resumable(
    request: HttpRequest, content: Content, content_type: str = CONTENT_TYPE
) -> HttpResponseBase:
    """It, the part that was asked for, or the news that it is known; raises as `whole` does."""
    etag = content.etag
    response = _conditional(request, content, etag, content_type)
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    return response


def as_file(response: HttpResponseBase, name: str) -> HttpResponseBase:
    """The answer, to be saved under this name and not to be taken for something else."""
    response["X-Content-Type-Options"] = "nosniff"
    if response.status_code in (200, 206):
        response["Content-Disposition"] = (
            content_disposition_header(as_attachment=True, filename=name) or ""
        )
    return response


def later(response: HttpResponse) -> HttpResponse:
    """The answer, marked as one for the moment only."""
    response.status_code = 503
    response["Retry-After"] = str(SECONDS_UNTIL_RETRY)
    response["Cache-Control"] = "no-store"
    return response


def _conditional(
    request: HttpRequest, content: Content, etag: str, content_type: str
) -> HttpResponseBase:
    if _is_known(request.headers.get("If-None-Match", ""), etag):
        return HttpResponseNotModified()
    try:
        part = _part(request, content.size, etag)
    except Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{content.size}"})
    if part is None:
        return whole(request, content, content_type)
    response = _answer(request, content, part, content_type)
    response.status_code = 206
    response["Content-Range"] = part.content_range(content.size)
    return response


def _part(request: HttpRequest, size: int, etag: str) -> Part | None:
    # Without a Last-Modified of ours, a date in If-Range matches nothing.
    if request.headers.get("If-Range", etag) != etag or request.method != "GET":
        return None
    return ranges.read(request.headers.get("Range", ""), size)


def _answer(
    request: HttpRequest, content: Content, part: Part, content_type: str
) -> HttpResponseBase:
    chunks = content.chunks(part.start, part.stop)
    response: HttpResponseBase
    if request.method == "HEAD":
        response = HttpResponse(content_type=content_type)
    else:
        response = StreamingHttpResponse(streams.begin(chunks), content_type=content_type)
    response["Content-Length"] = str(part.size)
    return response


def _is_known(if_none_match: str, etag: str) -> bool:
    known = (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
    return if_none_match.strip() == "*" or etag in known
