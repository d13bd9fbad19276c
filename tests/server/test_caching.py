"""What caches may keep of each page, and what the page depends on."""

from pathlib import Path

import pytest
from django.test import Client

from server.accounts.models import User
from server.aggregator.models import Aggregator
from server.catalog.models import Release
from tests.server import factories

pytestmark = pytest.mark.django_db

UNSAID, PUBLIC, PRIVATE, NEVER = "", "public", "private, no-cache", "no-store"
PERSON = {"Cookie", "Accept-Language"}
COMPUTER = PERSON | {"User-Agent", "Sec-CH-UA-Platform", "Sec-CH-UA-Mobile"}
NOTHING: set[str] = set()

# The page; what a stranger's and a signed-in publisher's cache may do with it; what it depends on.
PAGES = [
    ("/", UNSAID, PRIVATE, PERSON),
    ("/?q=night", UNSAID, PRIVATE, PERSON),
    ("{page}", UNSAID, PRIVATE, COMPUTER),
    ("{page}easy/linux/", UNSAID, PRIVATE, COMPUTER),  # There is none: it is the page.
    ("{page}report/", PRIVATE, PRIVATE, PERSON),
    ("{page}now.json", NEVER, NEVER, {"Accept-Language"}),
    ("{page}easy/windows/", PUBLIC, PUBLIC, NOTHING),
    ("{torrent}", PUBLIC, PUBLIC, NOTHING),
    ("{file}", PUBLIC, PUBLIC, NOTHING),
    ("/api/v1/torrents/{info_hash}", NEVER, NEVER, {"Accept-Language"}),
    ("/welcome/", NEVER, NEVER, PERSON),
    ("/nothing/", UNSAID, PRIVATE, PERSON),
    ("/tracker/", UNSAID, PRIVATE, PERSON),
    ("/top/", UNSAID, PRIVATE, PERSON),
    ("/feeds/", UNSAID, PRIVATE, PERSON),
    ("/feed.xml", PUBLIC, PUBLIC, NOTHING),
    ("/feed/popular.xml", PUBLIC, PUBLIC, NOTHING),
    ("/stats.json", PUBLIC, PUBLIC, {"Accept-Language"}),
    ("/accounts/login/", NEVER, NEVER, PERSON),
    ("/accounts/password/reset/", NEVER, NEVER, PERSON),
    ("/accounts/2fa/", NEVER, NEVER, PERSON),
    ("/accounts/", NEVER, NEVER, PERSON),
    ("/setup/", NEVER, NEVER, PERSON),
    ("/upload/", NEVER, NEVER, PERSON),
    ("/upload/torrent/", NEVER, NEVER, PERSON),
    ("/mine/", NEVER, NEVER, PERSON),
    ("/mine/access/", NEVER, NEVER, PERSON),
    ("/admin/", NEVER, NEVER, PERSON),
    ("/admin/login/", NEVER, NEVER, PERSON),
    ("/healthz", NEVER, NEVER, {"Accept-Language"}),
]


@pytest.fixture
def release(programs: Path) -> Release:
    """On a site with a program for Windows and a copy of its own."""
    factories.site()
    factories.program(programs, "windows")
    Aggregator.objects.update_or_create(pk=1, defaults={"is_on": True})
    found = factories.release(data=factories.torrent("film.mkv", b"some film"))
    factories.site_copy(found, b"some film")
    return found


def test_pages_are_kept_by_whom_they_were_made_for(release: Release) -> None:
    alice = User.objects.get(username="alice")
    wrong = []
    for template, for_strangers, for_alice, depends_on in PAGES:
        path = template.format(
            page=release.get_absolute_url(),
            torrent=release.torrent_path,
            file=f"/files/{release.info_hash}/film.mkv",
            info_hash=release.info_hash,
        )
        for person, expected in ((None, for_strangers), (alice, for_alice)):
            browser = Client(headers={"host": "films.example"})
            if person:
                browser.force_login(person)
            answer = browser.get(path)
            rule = answer.headers.get("Cache-Control", "")
            vary = set(answer.headers.get("Vary", "").split(", ")) - {""}
            if expected not in rule or bool(expected) != bool(rule) or not depends_on <= vary:
                wrong.append(f"{path} for {person}: {rule}; {sorted(vary)}")
            if not depends_on and vary:
                wrong.append(f"{path} is kept once for each {sorted(vary)}")
    assert not wrong, "\n".join(wrong)


def test_the_upload_page_depends_on_the_computer_too(release: Release) -> None:
    browser = Client(headers={"host": "films.example"})
    browser.force_login(release.publisher)
    assert set(browser.get("/upload/").headers["Vary"].split(", ")) >= COMPUTER


def test_the_secret_of_an_authenticator_app_is_kept_nowhere(release: Release) -> None:
    browser = Client(headers={"host": "films.example"})
    browser.login(username="alice", password="open sesame 42")
    answer = browser.get("/accounts/2fa/totp/activate/", follow=True)
    assert "no-store" in answer.headers["Cache-Control"]
