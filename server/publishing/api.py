"""The API for programs that publish. A ticket in the Authorization header opens it, no cookie does;
what everybody sees on the pages of the site is open to everybody here too.

Errors are JSON with `code` and `message`; the message is a sentence for the publisher.
"""

import logging
from datetime import datetime
from typing import Any, Literal

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Query, Schema, Status
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from installer.errors import TicketError
from installer.formats import ticket as ticket_format
from installer.formats.metainfo import MIME_TYPE
from installer.formats.signature import fingerprint
from server.accounts.models import User
from server.catalog.models import DESCRIPTION_LENGTH, TITLE_LENGTH, Release
from server.site.key import SiteKeyError, site_key
from server.site.models import Site

from . import errors, services
from .errors import PublishingError
from .models import ApiToken, Scope
from .reading import torrent_body
from .services import Published, Words
from .tokens import user_of

log = logging.getLogger(__name__)

TORRENT_BODY = {
    "requestBody": {
        "required": True,
        "content": {MIME_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}


MOST_LISTED = 1_000
OTHER_METHODS = ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"]


class TicketBearer(HttpBearer):
    """`Authorization: Bearer <ticket token>`, and nothing else."""

    openapi_description = "The token of an upload ticket, as base64url without padding."

    def authenticate(self, request: HttpRequest, token: str) -> bytes | None:
        """The token's bytes, if its ticket may ask at all: refused before the body is read."""
        try:
            read = ticket_format.read_token(token)
        except TicketError:
            return None
        services.known_ticket(read, timezone.now())
        return read


class PublisherBearer(HttpBearer):
    """The token of an upload ticket, or an API token that may publish."""

    openapi_description = "The token of an upload ticket, or an API token for publishing."

    def authenticate(self, request: HttpRequest, token: str) -> bytes | User | None:
        """The ticket's bytes, or the person."""
        if token.startswith(ApiToken.PREFIX):
            return user_of(token, Scope.PUBLISH, timezone.now())
        return TicketBearer().authenticate(request, token)


class ReaderBearer(HttpBearer):
    """An API token that may read."""

    openapi_description = "An API token for reading."

    def authenticate(self, request: HttpRequest, token: str) -> User:
        """The person."""
        return user_of(token, Scope.READ, timezone.now())


class InNumbers(Schema):
    """A release in numbers; `sharing` leaves the site itself out."""

    info_hash: str
    title: str
    page_url: str
    published_at: datetime
    size: int
    sharing: int
    downloads: int


class OwnRelease(InNumbers):
    """One of somebody's releases."""

    is_hidden: bool


class PublicRelease(InNumbers):
    """What everybody may know of a release."""

    torrent_url: str
    site_copy: Literal["none", "coming", "here"]


class Answer(Schema):
    """Where the release is."""

    info_hash: str
    page_url: str
    torrent_url: str


class Expiry(Schema):
    """Until when the ticket is valid, in seconds since 1970."""

    expires_at: int


class AboutSite(Schema):
    """What a program may know of this site; the key signs what its programs carry."""

    name: str
    address: str
    public_key: str
    fingerprint: str


class Problem(Schema):
    """Why it did not work; `field` is what has to change, if it is one thing."""

    code: str
    message: str
    field: str | None = None


class Said(Schema):
    """What the publisher says about the release. Words that are too long are refused below."""

    title: str = ""
    description: str = ""
    category: str = ""


def _problems(*statuses: int) -> dict[Any, Any]:
    return dict.fromkeys(statuses, Problem)


api = NinjaAPI(
    title="Passalong",
    version="1",
    description="Publish a torrent with an upload ticket, and see what became of it.",
    docs_url=None,
    urls_namespace="api",
)


@api.post(
    "/torrents",
    auth=PublisherBearer(),
    response={200: Answer, 201: Answer, **_problems(401, 403, 409, 411, 413, 415, 422, 429)},
    openapi_extra=TORRENT_BODY,
    exclude_none=True,
    summary="Publish a torrent",
    description=f"The body is the torrent file. At most {TITLE_LENGTH} characters of title and "
    f"{DESCRIPTION_LENGTH} of description. The same torrent again gets the same answer, with 200.",
)
def publish(request: HttpRequest, said: Query[Said]) -> Status[dict[str, str]]:
    """Publish the torrent in the body."""
    who: bytes | User = request.auth  # type: ignore[attr-defined]
    words = Words(said.title, said.description, said.category)
    torrent, now = torrent_body(request), timezone.now()
    if isinstance(who, User):
        published = services.publish_as(who, torrent, words, now)
    else:
        published = services.publish(who, torrent, words, now)
    return Status(201 if published.is_new else 200, _answer(published))


@api.get(
    "/torrents/{info_hash}",
    response={200: PublicRelease, **_problems(404)},
    exclude_none=True,
    summary="A release in numbers, and whether the site has its own copy",
    description="Anybody may ask. `site_copy` becomes `here` when the site has all of its files: "
    "then the publisher may stop sharing.",
)
def torrent(request: HttpRequest, response: HttpResponse, info_hash: str) -> dict[str, object]:
    """One release that everybody may see."""
    found = Release.objects.visible().filter(info_hash=info_hash).select_related("swarm").first()
    if found is None:
        raise PublishingError(404, "not_found", _("There is no such release on this site."))
    response["Cache-Control"] = "no-store"
    site = Site.objects.current()
    more = {"torrent_url": site.url(found.torrent_path), "site_copy": found.site_copy}
    return _in_numbers(found, site) | more


@api.post(
    "/tickets/extend",
    auth=TicketBearer(),
    response={200: Expiry, **_problems(401, 403, 409)},
    exclude_none=True,
    summary="Keep a ticket valid while hashing",
)
def extend(request: HttpRequest) -> dict[str, int]:
    """Give the ticket another quarter of an hour, at most a day in all."""
    now = timezone.now()
    token: bytes = request.auth  # type: ignore[attr-defined]
    until = services.extend(services.known_ticket(token, now), now)
    return {"expires_at": int(until.timestamp())}


@api.get(
    "/releases",
    auth=ReaderBearer(),
    response={200: list[OwnRelease], **_problems(401, 403)},
    summary="One's own releases in numbers",
)
def own_releases(request: HttpRequest) -> list[dict[str, object]]:
    """The releases of the token's owner, newest first."""
    user: User = request.auth  # type: ignore[attr-defined]
    site = Site.objects.current()
    found = Release.objects.filter(publisher=user).select_related("swarm")[:MOST_LISTED]
    return [_in_numbers(each, site) | {"is_hidden": each.is_hidden} for each in found]


@api.get(
    "/site",
    response={200: AboutSite, **_problems(503)},
    exclude_none=True,
    summary="The site's name, address and public key",
)
def about_site(request: HttpRequest) -> dict[str, str]:
    """Say who this site is: anybody may know."""
    site, public_key = Site.objects.current(), site_key().public
    return {
        "name": site.name,
        "address": site.address,
        "public_key": public_key.hex(),
        "fingerprint": fingerprint(public_key),
    }


@api.api_operation(OTHER_METHODS, "/torrents", include_in_schema=False)
@api.api_operation(OTHER_METHODS, "/tickets/extend", include_in_schema=False)
def wrong_method(request: HttpRequest) -> HttpResponse:
    """Say in JSON too that both addresses take POST only."""
    message = _("This address of the API takes POST requests only.")
    response = _problem(PublishingError(405, "wrong_method", message))
    response["Allow"] = "POST"
    return response


def _in_numbers(release: Release, site: Site) -> dict[str, object]:
    return {
        "info_hash": release.info_hash,
        "title": release.title,
        "page_url": site.url(release.get_absolute_url()),
        "published_at": release.published_at,
        "size": release.total_size,
        "sharing": release.people_sharing,
        "downloads": release.swarm.downloaded,
    }


def _answer(published: Published) -> dict[str, str]:
    site, release = Site.objects.current(), published.release
    return {
        "info_hash": release.info_hash,
        "page_url": site.url(release.get_absolute_url()),
        "torrent_url": site.url(release.torrent_path),
    }


@api.exception_handler(PublishingError)
def _refused(request: HttpRequest, error: PublishingError) -> HttpResponse:
    return _problem(error)


@api.exception_handler(SiteKeyError)
def _no_key(request: HttpRequest, error: SiteKeyError) -> HttpResponse:
    log.error("%s", error)
    message = _("The site's key is not there at the moment.")
    return _problem(PublishingError(503, "no_key", message))


@api.exception_handler(AuthenticationError)
def _not_authenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return _problem(errors.ticket_refused())


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    field = str(error.errors[0]["loc"][-1]) if error.errors else ""
    message = _("This part of the request is not right: %(field)s.") % {"field": field}
    return _problem(errors.words_refused(field, message))


@api.exception_handler(Http404)
@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: Http404 | HttpError) -> HttpResponse:
    status = error.status_code if isinstance(error, HttpError) else 404
    return _problem(PublishingError(status, "not_possible", str(error)))


def no_such_address(request: HttpRequest) -> HttpResponse:
    """What every address under the API's own that is none of its own answers."""
    message = _("There is nothing at this address of the API.")
    return _problem(PublishingError(404, "not_found", message))


def _problem(error: PublishingError) -> HttpResponse:
    body = {"code": error.code, "message": error.message, **error.facts}
    response = JsonResponse(body, status=error.status)
    response["Cache-Control"] = "no-store"
    if error.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response
