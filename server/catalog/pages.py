"""The release page: what is on it, and which way to download stands on the big button."""

from dataclasses import dataclass

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from server.site.models import Site

from .describing import as_html
from .graphing import graph_of
from .models import FILES_SHOWN, Release
from .programs import (
    PHONE,
    PLATFORM_HEADERS,
    PLATFORM_NAMES,
    has_client,
    platforms_with_program,
    program_for,
    visitor_kind,
)
from .services import magnet_link

# Elsewhere the torrent stands first: Linux has good programs for it in every distribution, and
# a Mac asks too many questions about a program from the web.
PROGRAM_FIRST = frozenset({"windows"})


@dataclass(frozen=True, slots=True)
class Program:
    """One way to download: the program for one platform, with the torrent inside."""

    platform: str
    name: str
    url: str
    version: str
    signer: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Ways:
    """All ways to download a release, seen from one visitor's computer."""

    kind: str | None
    has_client: bool
    programs: tuple[Program, ...]
    torrent_url: str
    magnet_url: str

    @property
    def own_program(self) -> Program | None:
        """The program for the visitor's own platform."""
        return next((each for each in self.programs if each.platform == self.kind), None)

    @property
    def first(self) -> str:
        """What the big button gives: the `link` to a phone, the `client`'s file, the `program`
        or the `torrent`."""
        if self.kind == PHONE:
            return "link"
        if self.has_client:
            return "client"
        is_easy = self.kind in PROGRAM_FIRST and self.own_program is not None
        return "program" if is_easy else "torrent"

    @property
    def button_url(self) -> str:
        """Where the big button leads."""
        if self.first == "program" and self.own_program:
            return self.own_program.url
        return self.torrent_url

    @property
    def is_missing_program(self) -> bool:
        """Whether the visitor would get a program if the site had one."""
        return self.first == "torrent" and self.kind in PROGRAM_FIRST

    @property
    def other_kinds(self) -> list[tuple[str, str]]:
        """What the visitor's computer might be instead, with names; phones are named by pages."""
        names = [*PLATFORM_NAMES.items(), (PHONE, "")]
        return [each for each in names if each[0] != self.kind]


def release_page(request: HttpRequest, release: Release, notice: str = "") -> HttpResponse:
    """The page of a release, with a sentence on top if something did not work out."""
    site = Site.objects.current()
    ways = ways_to_download(release, site, visitor_kind(request), has_client=has_client(request))
    sharing = release.swarm.complete + release.swarm.incomplete
    address = site.url(release.get_absolute_url())
    context = {
        "release": release,
        "description": as_html(release.description),
        "ways": ways,
        "address": address,
        "code": qr_code(address) if ways.first == "link" else "",
        "sharing": sharing,
        "sharing_sentence": sharing_sentence(sharing),
        "files": release.torrent.first_files,
        "more_files": max(0, release.file_count - FILES_SHOWN),
        "graph": graph_of(release, timezone.now().date()),
        "notice": notice,
    }
    response = render(request, "catalog/release.html", context)
    patch_vary_headers(response, PLATFORM_HEADERS)
    return response


def sharing_sentence(number: int) -> str:
    """How many people are sharing, as people say it."""
    sentence = ngettext(
        "%(number)s person is sharing this now.", "%(number)s people are sharing this now.", number
    )
    if number:
        return sentence % {"number": number}
    later = _("You can start anyway: it goes on by itself when somebody is there.")
    return f"{sentence % {'number': number}} {later}"


def ways_to_download(release: Release, site: Site, kind: str | None, *, has_client: bool) -> Ways:
    """Collect the ways, leaving out the programs that are not there."""
    programs = tuple(_program(release, platform) for platform in platforms_with_program())
    link = magnet_link(release, site)
    return Ways(kind, has_client, programs, release.torrent_path, link)


def qr_code(address: str) -> SafeString:
    """The address as a picture that a camera reads, to be put into the page itself."""
    code = segno.make_qr(address, error="m")
    drawing = code.svg_inline(scale=4, border=2, light="white", omitsize=True)
    return mark_safe(drawing)  # noqa: S308 - drawn from numbers, nothing of the address is in it


def _program(release: Release, platform: str) -> Program:
    template = program_for(platform)
    assert template is not None
    return Program(
        platform=platform,
        name=PLATFORM_NAMES[platform],
        url=reverse("bundles:easy", args=[release.info_hash, platform]),
        version=template.version,
        signer=template.signer or "",
        sha256=template.sha256,
    )
