"""A bundle as an HTTP answer: streamed, resumable, never more than a piece of it in memory."""

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from installer.bundle.joining import Bundle

from . import ranges
from .ranges import Part, Unsatisfiable
from .streaming import STREAMS_AT_ONCE, Streams

SECONDS_FRESH = 24 * 3600
SECONDS_UNTIL_RETRY = 60
CONTENT_TYPE = "application/octet-stream"

streams = Streams(STREAMS_AT_ONCE)


def bundle_response(
    request: HttpRequest, bundle: Bundle, file_name: str, *, is_cacheable: bool
) -> HttpResponseBase:
    """Answer with the bundle or the part of it that was asked for.

    One that is not cacheable carries a secret: it is given whole and once. Raises `TemplateError`
    before the first byte when the program's file has changed or gone, `AllTaken` when too many are
    on their way.
    """
    if not is_cacheable:
        response = _content(request, bundle, Part(0, bundle.size))
        response["Cache-Control"] = "no-store"
        return _with_common_headers(response, file_name)
    etag = bundle.etag
    response = _conditional(request, bundle, etag)
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = f"public, max-age={SECONDS_FRESH}"
    return _with_common_headers(response, file_name)


def busy_notice() -> str:
    """What to say on the page that stands in for a bundle after `AllTaken`."""
    return _(
        "Very many people are downloading programs at this moment. Please try again in a minute."
    )


def busy(page: HttpResponse) -> HttpResponse:
    """That page, marked as an answer for the moment only."""
    page.status_code = 503
    page["Retry-After"] = str(SECONDS_UNTIL_RETRY)
    page["Cache-Control"] = "no-store"
    return page


def _conditional(request: HttpRequest, bundle: Bundle, etag: str) -> HttpResponseBase:
    if _is_known(request.headers.get("If-None-Match", ""), etag):
        return HttpResponseNotModified()
    try:
        part = _part(request, bundle, etag)
    except Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{bundle.size}"})
    if part is None:
        return _content(request, bundle, Part(0, bundle.size))
    response = _content(request, bundle, part)
    response.status_code = 206
    response["Content-Range"] = part.content_range(bundle.size)
    return response


def _part(request: HttpRequest, bundle: Bundle, etag: str) -> Part | None:
    # Without a Last-Modified of ours, a date in If-Range matches nothing.
    if request.headers.get("If-Range", etag) != etag or request.method != "GET":
        return None
    return ranges.read(request.headers.get("Range", ""), bundle.size)


def _content(request: HttpRequest, bundle: Bundle, part: Part) -> HttpResponseBase:
    chunks = bundle.chunks(part.start, part.stop)
    response: HttpResponseBase
    if request.method == "HEAD":
        response = HttpResponse(content_type=CONTENT_TYPE)
    else:
        response = StreamingHttpResponse(streams.begin(chunks), content_type=CONTENT_TYPE)
    response["Content-Length"] = str(part.size)
    return response


def _with_common_headers(response: HttpResponseBase, file_name: str) -> HttpResponseBase:
    response["X-Content-Type-Options"] = "nosniff"
    if response.status_code in (200, 206):
        response["Content-Disposition"] = (
            content_disposition_header(as_attachment=True, filename=file_name) or ""
        )
    return response


def _is_known(if_none_match: str, etag: str) -> bool:
    known = (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
    return if_none_match.strip() == "*" or etag in known
