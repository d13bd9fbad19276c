"""The body of an upload, read without ever holding more of it than is allowed."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from installer.formats.metainfo import MIME_TYPE

from .errors import PublishingError


def torrent_body(request: HttpRequest) -> bytes:
    """The torrent that was sent. `request.body` is not used: it has a limit of its own."""
    _check_headers(request)
    limit = settings.TORRENT_BYTES
    if _length(request) > limit:
        raise _too_large(limit)
    body: bytes = request.read(limit + 1)
    if len(body) > limit:
        raise _too_large(limit)
    return body


def _check_headers(request: HttpRequest) -> None:
    if request.content_type != MIME_TYPE:
        message = _("Send the torrent file itself, with the content type %(type)s.")
        raise PublishingError(415, "wrong_type", message % {"type": MIME_TYPE})
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        message = _("Send the torrent file as it is, without a content encoding.")
        raise PublishingError(415, "wrong_encoding", message)


def _length(request: HttpRequest) -> int:
    text = request.headers.get("Content-Length", "")
    if text.isascii() and text.isdigit():
        return int(text[:20])
    # Django reads nothing of a body whose length nobody has said.
    message = _("Say how long the torrent file is: the header Content-Length is missing.")
    raise PublishingError(411, "length_required", message)


def _too_large(limit: int) -> PublishingError:
    message = _("The torrent file is larger than %(limit)s bytes. Use larger pieces.")
    return PublishingError(413, "too_large", message % {"limit": f"{limit:,}"})
