"""Which programs the site can hand out, and which computer a visitor seems to have."""

import logging
from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest

from installer.bundle.template import PLATFORMS, Template, newest
from installer.errors import PassalongError

log = logging.getLogger(__name__)

PLATFORM_NAMES: Mapping[str, str] = {"windows": "Windows", "linux": "Linux", "macos": "macOS"}
PHONE = "phone"
KINDS = (*PLATFORM_NAMES, PHONE)

# Set by `/welcome/`, which the client opens once: this browser's computer has the client.
CLIENT_COOKIE = "passalong_client"

assert set(PLATFORM_NAMES) == set(PLATFORMS)

# What a page made for one kind of computer varies by.
PLATFORM_HEADERS = ("User-Agent", "Sec-CH-UA-Platform", "Sec-CH-UA-Mobile", "Cookie")

_HINTS = {
    "windows": "windows",
    "macos": "macos",
    "linux": "linux",
    "chromium os": "linux",
    "chrome os": "linux",
    "android": PHONE,
    "ios": PHONE,
}
_PHONE_WORDS = ("Android", "iPhone", "iPad", "Mobile")
_AGENT_WORDS = (
    ("Windows", "windows"),
    ("Mac OS X", "macos"),
    ("CrOS", "linux"),
    ("Linux", "linux"),
)


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


def visitor_kind(request: HttpRequest) -> str | None:
    """One of `KINDS`: what the visitor said with `?for=`, else what the browser tells."""
    said = request.GET.get("for", "")
    if said in KINDS:
        return said
    hint = request.headers.get("Sec-CH-UA-Platform", "").strip('" ').lower()
    if request.headers.get("Sec-CH-UA-Mobile", "").strip() == "?1":
        return PHONE
    return _HINTS.get(hint) or _kind_by_agent(request.headers.get("User-Agent", ""))


def visitor_platform(request: HttpRequest) -> str | None:
    """The platform of the visitor's computer; None for phones and the unknown."""
    kind = visitor_kind(request)
    return kind if kind in PLATFORM_NAMES else None


def has_client(request: HttpRequest) -> bool:
    """Whether this browser has been led to `/welcome/` by the client."""
    return CLIENT_COOKIE in request.COOKIES


def _kind_by_agent(agent: str) -> str | None:
    if any(word in agent for word in _PHONE_WORDS):
        return PHONE
    return next((kind for word, kind in _AGENT_WORDS if word in agent), None)
