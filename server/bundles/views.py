"""Easy download: one program with the torrent inside."""

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from installer.errors import PassalongError
from server.catalog.models import Release
from server.catalog.pages import release_page
from server.catalog.programs import PLATFORM_NAMES
from server.catalog.views import find_release
from server.site.sending import later
from server.site.streaming import AllTaken

from .responses import bundle_response, busy_notice
from .services import checksum, download_bundle, file_name

log = logging.getLogger(__name__)


@require_safe
def easy(request: HttpRequest, info_hash: str, platform: str) -> HttpResponseBase:
    """The program, or the release page with a kind word when there is none: never a dead end."""
    if platform not in PLATFORM_NAMES:
        raise Http404
    release = find_release(request, info_hash)
    bundle = download_bundle(release, platform)
    if bundle is not None:
        name = _file_name(release, platform)
        try:
            return bundle_response(request, bundle, name, is_cacheable=not release.is_hidden)
        except AllTaken:
            return later(release_page(request, release, busy_notice()))
        except PassalongError as error:
            log.warning("The program for %s cannot be handed out: %s", platform, error)
    return release_page(request, release, _missing(PLATFORM_NAMES[platform]))


@require_safe
def sha256(request: HttpRequest, info_hash: str, platform: str) -> HttpResponse:
    """The SHA-256 of the program as it is downloaded, as `sha256sum --check` reads it."""
    release = find_release(request, info_hash)
    bundle = download_bundle(release, platform) if platform in PLATFORM_NAMES else None
    if bundle is None:
        raise Http404
    line = f"{checksum(bundle)}  {_file_name(release, platform)}\n"
    return HttpResponse(line, content_type="text/plain; charset=utf-8")


def _file_name(release: Release, platform: str) -> str:
    return file_name(f"{release.file_stem}-download", platform)


def _missing(platform_name: str) -> str:
    return _(
        "There is no program for %(platform)s on this site yet. The torrent file works just as "
        "well, with a program such as Transmission or qBittorrent."
    ) % {"platform": platform_name}
