"""A small site with everything on it that pages can show, and the list of its pages."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import quote
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageDraw

from server.accounts.models import Invitation, User
from server.aggregator.models import Aggregator, Claim, ForeignSite, Torrent
from server.catalog import picturing
from server.catalog.models import Category, DownloadsPerDay, Release, Report
from server.catalog.services import set_picture
from server.feeds.models import PingTarget
from server.publishing.models import Scope
from server.publishing.services import issue_ticket
from server.publishing.tokens import make_token
from server.seeding import services as copies
from server.seeding.models import Copy
from server.tracker.models import BlockedTorrent, TrackedTorrent
from tests.server import factories
from tests.server.factories import NOON

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140 Safari/537.36"
GIGABYTE = 10**9
DESCRIPTION = """The concert of **12 May**, recorded from the mixing desk.

- Two hours and ten minutes, in full HD
- With subtitles in *English* and *German*

More about the band: https://example.org/band
"""
TITLES = {
    "The Night Train: live in Leipzig": 2.1,
    "Open Street Maps of Europe, autumn": 18.4,
    "Small Linux 12.4 for old computers": 0.9,
    "A Year on the Farm (documentary)": 4.7,
    "Bird voices of the Harz mountains": 0.3,
}
PLAYS = {
    "Sorry, wrong number/Part 1 – the call.mp3": b"ring" * 9_000,
    "Sorry, wrong number/Part 2 – the line.mp3": b"line" * 7_000,
    "Read me.txt": b"Recorded in 1943.",
}

Page = tuple[User | None, str]


@dataclass(frozen=True, slots=True)
class Sample:
    """The site, its people and its pages."""

    admin: User
    publisher: User
    release: Release
    folder: Release
    agent: str = WINDOWS

    def pages(self) -> dict[str, Page]:
        """All pages by name, and who looks at each."""
        release = self.release.get_absolute_url()
        return {
            "listing": (None, "/"),
            "search": (None, "/?q=linux"),
            "nothing": (None, "/?q=zebra"),
            "release": (None, f"{release}?for=windows"),
            "release-mac": (None, f"{release}?for=macos"),
            "release-linux": (None, f"{release}?for=linux"),
            "release-phone": (None, f"{release}?for=phone"),
            "release-folder": (None, f"{self.folder.get_absolute_url()}?for=linux"),
            "release-folder-phone": (None, f"{self.folder.get_absolute_url()}?for=phone"),
            "welcome": (None, "/welcome/"),
            "missing": (None, "/nothing/"),
            "tracker": (None, "/tracker/"),
            "top": (None, "/top/"),
            "ping": (None, "/ping/"),
            "sign-in": (None, "/accounts/login/"),
            "upload": (self.publisher, "/upload/"),
            "upload-torrent": (self.publisher, "/upload/torrent/"),
            "mine": (self.publisher, "/mine/"),
            "mine-release": (self.publisher, f"/mine/{self.release.info_hash}/"),
            "mine-delete": (self.publisher, f"/mine/{self.release.info_hash}/delete/"),
            "mine-access": (self.publisher, "/mine/access/"),
            "report": (None, f"{release}report/"),
            "feeds": (None, "/feeds/"),
            "account": (self.publisher, "/accounts/"),
            "password": (self.publisher, "/accounts/password/change/"),
            "second-factor": (self.publisher, "/accounts/2fa/"),
            **{name: (self.admin, path) for name, path in self.pages_of_the_admin().items()},
        }

    def pages_of_the_admin(self) -> dict[str, str]:
        """Its own pages, and all that each kind of row has there."""
        release = reverse("admin:catalog_release_change", args=[self.release.pk])
        category = Category.objects.values_list("pk", flat=True)[0]
        found = {
            "admin": "/admin/",
            "admin-app": "/admin/catalog/",
            "admin-password": "/admin/password_change/",
            "admin-user-password": f"/admin/accounts/user/{self.admin.pk}/password/",
            "admin-nothing-found": "/admin/catalog/release/?q=zebra",
            "admin-chosen": "/admin/catalog/release/?is_hidden__exact=0&q=a",
            "admin-history": release.replace("/change/", "/history/"),
            "admin-delete": release.replace("/change/", "/delete/"),
            "admin-delete-category": f"/admin/catalog/category/{category}/delete/",
        }
        request = RequestFactory().get("/admin/")
        request.user = self.admin
        for model, of_model in admin.site._registry.items():
            meta = model._meta
            name, base = f"admin-{meta.model_name}", f"admin:{meta.app_label}_{meta.model_name}"
            row = model._default_manager.first()
            assert row is not None, f"the sample has no {meta.verbose_name}"
            found[f"{name}-list"] = reverse(f"{base}_changelist")
            found[f"{name}-one"] = reverse(f"{base}_change", args=[quote(row.pk)])
            if of_model.has_add_permission(request):
                found[f"{name}-add"] = reverse(f"{base}_add")
        return found


def make_sample(programs: Path) -> Sample:
    """Fill the site, and put a program for Windows into that folder."""
    factories.program(programs, "windows")
    alice = factories.publisher()
    music = Category.objects.create(name="Music", slug="music")
    Category.objects.create(name="Films", slug="films")
    for number, (title, size) in reversed(list(enumerate(TITLES.items()))):
        release = factories.release(
            title, by=alice, description=DESCRIPTION, now=factories.NOON - timedelta(days=number)
        )
        release.total_size = int(size * GIGABYTE)
        release.category = music
        release.save()
        if number != 1:
            set_picture(release, picturing.draw(_drawing(number)))
        TrackedTorrent.objects.filter(release=release).update(complete=number, incomplete=2)
    _collect_from_another_site()
    first = Release.objects.get(title=next(iter(TITLES)))
    folder = factories.release(
        "Old radio plays",
        by=alice,
        data=factories.folder_with("Old radio plays", PLAYS),
        now=factories.NOON - timedelta(days=9),
    )
    for release in (first, folder):
        copies.begin(release, NOON)
        copies.change(Copy.objects.get(release=release), Copy.State.HERE)
    today = timezone.now().date()
    for day in range(24):
        DownloadsPerDay.objects.create(
            release=first, day=today - timedelta(days=day), completed=(day * 37) % 60 + day
        )
    anna = User.objects.create_superuser("anna", password="open sesame 42")
    _let_things_happen(first, alice, anna)
    return Sample(anna, alice, first, folder)


def _let_things_happen(release: Release, alice: User, anna: User) -> None:
    """One row of what else the admin lists."""
    now = timezone.now()
    issue_ticket(alice, now)
    make_token(alice, "nightly builds", Scope.PUBLISH, 30, now)
    Report.objects.create(release=release, reason="misleading", text="There is no train in it.")
    Invitation.objects.create(note="Carol", made_by=anna)
    PingTarget.objects.get_or_create(address="https://top.example.org/ping/")
    BlockedTorrent.objects.create(info_hash="b" * 40, reason="It belongs to somebody else.")
    EmailAddress.objects.create(user=alice, email="alice@films.example", primary=True)
    LogEntry.objects.log_actions(anna.pk, [release], CHANGE, "featured", single_object=True)


def _collect_from_another_site() -> None:
    Aggregator.objects.update_or_create(pk=1, defaults={"is_on": True})
    site = ForeignSite.objects.create(
        host="films.example", name="Films", state=ForeignSite.State.LISTED, first_seen_at=NOON
    )
    for number, title in enumerate(("A Trip to the Moon", "x" * 200)):
        torrent = Torrent.objects.create(
            info_hash=f"{number:040x}", total_size=GIGABYTE, week_points=5 - number
        )
        Claim.objects.create(
            site=site,
            torrent=torrent,
            is_right=True,
            title=title,
            page_url="https://films.example/film/",
            torrent_url="https://films.example/film.torrent",
            published_at=NOON,
            seen_at=NOON,
            reported_week=20,
        )


def _drawing(number: int) -> BytesIO:
    picture = Image.new(
        "RGB", (960, 540), ("#24364b", "#3d5a40", "#6b4a3a", "#4a4063", "#2f5d62")[number]
    )
    pen = ImageDraw.Draw(picture)
    for line in range(12):
        pen.ellipse(
            (line * 90 - 200, 120 + line * 30, line * 90 + 260, 580), outline="#f2d7a0", width=6
        )
    file = BytesIO()
    picture.save(file, "PNG")
    file.seek(0)
    return file
