"""The release page: what is on it, and which way to download stands on the big button."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from server.site.models import Site

from .models import FILES_SHOWN, Release
from .programs import (
    PLATFORM_HEADERS,
    PLATFORM_NAMES,
    platforms_with_program,
    visitor_platform,
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


@dataclass(frozen=True, slots=True)
class Ways:
    """All ways to download a release, seen from one visitor's computer."""

    platform: str | None
    programs: tuple[Program, ...]
    torrent_url: str
    magnet_url: str

    @property
    def own_program(self) -> Program | None:
        """The program for the visitor's own platform."""
        return next((each for each in self.programs if each.platform == self.platform), None)

    @property
    def is_program_first(self) -> bool:
        """Whether the big button gives the program."""
        return self.platform in PROGRAM_FIRST and self.own_program is not None

    @property
    def button_url(self) -> str:
        """Where the big button leads."""
        if self.is_program_first and self.own_program:
            return self.own_program.url
        return self.torrent_url

    @property
    def is_missing_program(self) -> bool:
        """Whether the visitor would get a program if the site had one."""
        return self.platform in PROGRAM_FIRST and self.own_program is None


def release_page(request: HttpRequest, release: Release, notice: str = "") -> HttpResponse:
    """The page of a release, with a sentence on top if something did not work out."""
    context = {
        "release": release,
        "ways": ways_to_download(release, visitor_platform(request)),
        "sharing": release.swarm.complete + release.swarm.incomplete,
        "files": release.torrent.first_files,
        "more_files": max(0, release.file_count - FILES_SHOWN),
        "notice": notice,
    }
    response = render(request, "catalog/release.html", context)
    patch_vary_headers(response, PLATFORM_HEADERS)
    return response


def ways_to_download(release: Release, platform: str | None) -> Ways:
    """Collect the ways, leaving out the programs that are not there."""
    programs = tuple(
        Program(each, PLATFORM_NAMES[each], reverse("bundles:easy", args=[release.info_hash, each]))
        for each in platforms_with_program()
    )
    link = magnet_link(release, Site.objects.current())
    return Ways(platform, programs, release.torrent_path, link)
