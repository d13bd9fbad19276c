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
from .models import FILES_SHOWN, Release, SiteCopy
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
    direct_url: str
    """Where a browser gets the files; empty when the site has none itself."""

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


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A line of the table of files."""

    name: str
    size: int
    url: str
    """Where the browser gets this file; empty when the site has none itself."""


def release_page(request: HttpRequest, release: Release, notice: str = "") -> HttpResponse:
    """The page of a release, with a sentence on top if something did not work out."""
    site = Site.objects.current()
    ways = ways_to_download(release, site, visitor_kind(request), has_client=has_client(request))
    address = site.url(release.get_absolute_url())
    context = {
        "release": release,
        "description": as_html(release.description),
        "ways": ways,
        "address": address,
        "code": qr_code(address) if ways.first == "link" else "",
        "is_there": is_there(release),
        "sharing_sentence": sharing_sentence(release),
        "files": listed_files(release),
        "more_files": max(0, release.file_count - FILES_SHOWN),
        "graph": graph_of(release, timezone.now().date()),
        "notice": notice,
    }
    response = render(request, "catalog/release.html", context)
    patch_vary_headers(response, PLATFORM_HEADERS)
    return response


def is_there(release: Release) -> bool:
    """Whether somebody has it, so that a download begins at once."""
    return release.people_sharing > 0 or release.site_copy == SiteCopy.HERE


def sharing_sentence(release: Release) -> str:
    """How many people are sharing, as people say it, or what happens while nobody does."""
    number = release.people_sharing
    if not number and release.site_copy == SiteCopy.HERE:
        return _("It comes straight from our server.")
    sentence = ngettext(
        "%(number)s person is sharing this now.", "%(number)s people are sharing this now.", number
    )
    if number:
        return sentence % {"number": number}
    later = _("You can start anyway: it goes on by itself when somebody is there.")
    return f"{sentence % {'number': number}} {later}"


def listed_files(release: Release) -> list[ListedFile]:
    """The first files, with links if the site has them itself."""
    return [
        ListedFile(path, size, _file_url(release, path))
        for path, size in release.torrent.first_files
    ]


def ways_to_download(release: Release, site: Site, kind: str | None, *, has_client: bool) -> Ways:
    """Collect the ways, leaving out the programs that are not there."""
    programs = tuple(_program(release, platform) for platform in platforms_with_program())
    link = magnet_link(release, site)
    return Ways(kind, has_client, programs, release.torrent_path, link, _direct_url(release))


def qr_code(address: str) -> SafeString:
    """The address as a picture that a camera reads, to be put into the page itself."""
    code = segno.make_qr(address, error="m")
    drawing = code.svg_inline(scale=4, border=2, light="white", omitsize=True)
    return mark_safe(drawing)  # noqa: S308 - drawn from numbers, nothing of the address is in it


def _direct_url(release: Release) -> str:
    if release.site_copy == SiteCopy.HERE and release.file_count > 1:
        return "#files"
    return _file_url(release, release.torrent.first_files[0][0])


def _file_url(release: Release, path: str) -> str:
    """As web seeds are asked: a file by its name, one in a folder by that and the path inside."""
    if release.site_copy != SiteCopy.HERE:
        return ""
    name = release.swarm.name
    is_alone = release.file_count == 1 and path == name
    return reverse("seeding:file", args=[release.info_hash, path if is_alone else f"{name}/{path}"])


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
