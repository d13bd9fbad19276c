"""A server of two things: a bare file, and a bundle of it. Loaded by granian for `cost.py`."""

import os
from functools import lru_cache
from pathlib import Path

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path

from installer.bundle.joining import join
from installer.bundle.template import inspect
from installer.formats.payload import Download
from installer.formats.signature import SiteKey

PAYLOAD_BYTES = 100_000
KEY = SiteKey(bytes(32))


def sample() -> Download:
    """A torrent that makes a payload of the size that we promise something about."""
    torrent = bytes(range(256)) * (PAYLOAD_BYTES * 3 // 4 // 256)
    return Download("Alice's films", "https://alice.example", torrent)


if "BENCHMARK_PROGRAM" in os.environ:
    settings.configure(
        ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="benchmark", USE_I18N=False
    )
    django.setup()

    from server.bundles.responses import bundle_response

    join_once = lru_cache(join)
    PROGRAM = Path(os.environ["BENCHMARK_PROGRAM"])
    TEMPLATE = inspect(PROGRAM)

    def bare(_: HttpRequest) -> HttpResponseBase:
        """The file as Django sends files, in chunks of the same size."""
        response = FileResponse(PROGRAM.open("rb"))
        response.block_size = 256 * 1024
        return response

    def bundle(request: HttpRequest) -> HttpResponseBase:
        """A bundle as the site has it: put together for the first request, and then remembered."""
        made = join_once(TEMPLATE, sample(), KEY)
        return bundle_response(request, made, "night.exe", is_cacheable=True)

    urlpatterns = [path("bare", bare), path("bundle", bundle)]
    application = WSGIHandler()
