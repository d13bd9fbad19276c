"""A bundle as an HTTP answer: what caches may keep of it, and what is said when it has to wait."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from installer.bundle.joining import Bundle
from server.site import sending

SECONDS_FRESH = 24 * 3600


def bundle_response(
    request: HttpRequest, bundle: Bundle, file_name: str, *, is_cacheable: bool
) -> HttpResponseBase:
    """Answer with the bundle or the part of it that was asked for.

    One that is not cacheable carries a secret: it is given whole and once. Raises `TemplateError`
    before the first byte when the program's file has changed or gone, `AllTaken` when too many are
    on their way.
    """
    if is_cacheable:
        response = sending.resumable(request, bundle)
        response["Cache-Control"] = f"public, max-age={SECONDS_FRESH}"
    else:
        response = sending.whole(request, bundle)
        response["Cache-Control"] = "no-store"
    return sending.as_file(response, file_name)


def busy_notice() -> str:
    """What to say on the page that stands in for a bundle after `AllTaken`."""
    return _(
        "Very many people are downloading programs at this moment. Please try again in a minute."
    )
