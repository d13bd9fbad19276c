"""Which programs the site can hand out, and which computer a visitor seems to have."""

import logging
from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest

from installer.bundle.template import PLATFORMS, Template, newest
from installer.errors import PassalongError

log = logging.getLogger(__name__)

PLATFORM_NAMES: Mapping[str, str] = {"windows": "Windows", "linux": "Linux", "macos": "macOS"}

assert set(PLATFORM_NAMES) == set(PLATFORMS)


def program_for(platform: str) -> Template | None:
    """The newest program for a platform. One that cannot be read is as good as none."""
    try:
        return newest(settings.TEMPLATES_DIR, platform)
    except (PassalongError, OSError) as error:
        log.warning("The program for %s cannot be handed out: %s", platform, error)
        return None


def platforms_with_program() -> list[str]:
    """The platforms for which there is a program, in the order in which pages name them."""
    return [platform for platform in PLATFORM_NAMES if program_for(platform)]


def visitor_platform(request: HttpRequest) -> str | None:
    """The platform of the visitor's computer as the browser tells it; None for phones and others.

    A page made with this varies by the headers in `PLATFORM_HEADERS`.
    """
    agent = request.headers.get("User-Agent", "")
    if any(word in agent for word in ("Android", "iPhone", "iPad", "Mobile")):
        return None
    for word, platform in (("Windows", "windows"), ("Mac OS X", "macos"), ("Linux", "linux")):
        if word in agent:
            return platform
    return None


PLATFORM_HEADERS = ("User-Agent",)
