"""The listing and the release page, as visitors meet them."""

import gzip
import html
import re
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from server.catalog import picturing
from server.catalog.models import Category, Release
from server.catalog.services import set_hidden, set_picture
from server.site.models import Site
from server.tracker.models import TrackedTorrent
from tests.server import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("programs")]

WINDOWS = {"user-agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140"}
LINUX = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"}
MAC = {"user-agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605"}
PHONE = {"user-agent": "Mozilla/5.0 (Linux; Android 15; Pixel) Mobile"}


@pytest.fixture(autouse=True)
def _site() -> None:
    factories.site(address="http://testserver")


def page_of(client: Client, path: str, headers: dict[str, str] = WINDOWS) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def test_lists_the_newest_first(client: Client) -> None:
    factories.release("Older")
    factories.release("Newer", now=factories.NOON + timedelta(hours=1))
    page = page_of(client, "/")
    assert page.index("Newer") < page.index("Older")


def test_lists_one_shelf(client: Client) -> None:
    films = Category.objects.create(name="Films", slug="films")
    release = factories.release("On the shelf")
    release.category = films
    release.save()
    factories.release("Elsewhere")
    page = page_of(client, "/?category=films")
    assert "On the shelf" in page
    assert "Elsewhere" not in page


@pytest.mark.parametrize(
    "query", ["?page=0", "?before=x", "?after=9-9-9", "?after=0-0", "?q=%00", "?category=%00"]
)
def test_shows_a_list_whatever_the_address_says(client: Client, query: str) -> None:
    factories.release()
    page_of(client, f"/{query}")


@pytest.mark.parametrize("sort", ["newest", "popular"])
def test_leads_forth_and_back_through_all_that_was_found(client: Client, sort: str) -> None:
    for number in range(30):
        factories.release(f"Film {number:02}")
    for number in (3, 4, 20):
        TrackedTorrent.objects.filter(release__title=f"Film {number:02}").update(downloaded=7)
    Release.objects.count_popularity()
    popular = [20, 4, 3] if sort == "popular" else []
    expected = popular + [each for each in reversed(range(30)) if each not in popular]

    def titles(page: str) -> list[int]:
        return [int(each) for each in re.findall(r">Film (\d\d)<", page)]

    def link(page: str, rel: str) -> str:
        return html.unescape(page.split(f'rel="{rel}" href="')[1].split('"')[0])

    first = page_of(client, f"/?q=film&sort={sort}")
    second = page_of(client, link(first, "next"))
    again = page_of(client, link(second, "prev"))
    assert titles(first) + titles(second) == expected
    assert titles(again) == titles(first)
    assert 'rel="next"' not in second
    assert 'rel="prev"' not in first


@pytest.mark.parametrize("query", ["/", "/?q=film", "/?q=film&sort=popular&category=films"])
def test_asks_the_database_as_often_for_many_releases_as_for_few(
    client: Client, query: str
) -> None:
    counts = []
    Category.objects.create(name="Films", slug="films")
    for many in (2, 10):
        for number in range(many):
            factories.release(f"Film {many} {number}")
        Release.objects.update(category=Category.objects.get())
        client.get(query)
        with CaptureQueriesContext(connection) as queries:
            client.get(query)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


def test_the_listing_is_small_on_first_view(client: Client) -> None:
    noise = BytesIO()
    Image.effect_noise((900, 600), 40).save(noise, "PNG")
    drawn = picturing.draw(BytesIO(noise.getvalue()))
    for number in range(25):
        set_picture(factories.release(f"Film {number} with a title of a usual length"), drawn)
    page = page_of(client, "/")
    total = len(page)
    for name in set(re.findall(r'(?:href|src)="/static/([^"]+)"', page)):
        found = finders.find(name)
        assert found
        total += len(gzip.compress(Path(found).read_bytes()))
    pictures = set(re.findall(r'src="(/torrents/[^"]+)"', page))
    assert len(pictures) == 25
    assert total + sum(len(client.get(path).content) for path in pictures) <= 60_000


def test_tells_a_publisher_what_to_do_first(client: Client) -> None:
    assert "Publish a file" not in page_of(client, "/")
    client.force_login(factories.publisher())
    assert "Publish a file" in page_of(client, "/")


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=x>', "{{7*7}}"]
)
def test_shows_titles_and_descriptions_literally(client: Client, text: str) -> None:
    from django.utils.html import escape

    release = factories.release(text, description=f"{text} http://example.org")
    page = page_of(client, release.get_absolute_url())
    assert page.count(escape(text)) >= 2
    assert escape(text) == text or text not in page
    assert '<a href="http://example.org"' in page


def test_gives_windows_the_program_first(client: Client, programs: Path) -> None:
    factories.program(programs, "windows")
    release = factories.release()
    page = page_of(client, release.get_absolute_url(), WINDOWS)
    assert f'class="big" href="{release.get_absolute_url()}easy/windows/">Download (5' not in page
    assert f'class="big" href="{release.get_absolute_url()}easy/windows/">Download (24' in page


def test_every_link_works_where_there_is_no_program_too(client: Client) -> None:
    address = f"{factories.release().get_absolute_url()}easy/windows/"
    links = re.findall(r'(?:href|src|data-now)="([^"]*)"', page_of(client, address))
    assert [each for each in links if not re.match(r"/|#|magnet:|https?:", each)] == []


def test_says_kindly_that_there_is_no_program(client: Client) -> None:
    release = factories.release()
    page = page_of(client, release.get_absolute_url(), WINDOWS)
    assert "There is no program for Windows" in page
    assert f'class="big" href="{release.torrent_path}"' in page


@pytest.mark.parametrize("headers", [LINUX, MAC, {}])
def test_gives_everybody_else_the_torrent_first(
    client: Client, programs: Path, headers: dict[str, str]
) -> None:
    for platform in ("windows", "linux"):
        factories.program(programs, platform)
    release = factories.release()
    response = client.get(release.get_absolute_url(), headers=headers)
    page = response.content.decode()
    assert f'class="big" href="{release.torrent_path}"' in page
    assert "User-Agent" in response["Vary"]


@pytest.mark.parametrize(
    ("headers", "query", "first"),
    [
        (PHONE, "", "Mail me the link"),
        (PHONE, "?for=windows", "You get a small program"),
        (WINDOWS, "?for=phone", "Mail me the link"),
        (WINDOWS, "?for=amiga", "You get a small program"),
        (LINUX | {"sec-ch-ua-platform": '"Windows"'}, "", "You get a small program"),
        (LINUX | {"sec-ch-ua-mobile": "?1"}, "", "Mail me the link"),
    ],
)
def test_believes_the_visitor_then_the_hints_then_the_agent(
    client: Client, programs: Path, headers: dict[str, str], query: str, first: str
) -> None:
    factories.program(programs, "windows")
    assert first in page_of(client, factories.release().get_absolute_url() + query, headers)


def test_a_phone_gets_a_code_and_a_mail_with_the_address(client: Client) -> None:
    release = factories.release("Tea & biscuits")
    page = page_of(client, release.get_absolute_url(), PHONE)
    assert "<svg" in page
    body = f"body=http%3A%2F%2Ftestserver%2Ftorrents%2F{release.info_hash}%2F"
    assert f"mailto:?subject=Tea%20%26%20biscuits&amp;{body}" in page


def test_whoever_has_the_client_gets_the_small_file_first(client: Client, programs: Path) -> None:
    factories.program(programs, "windows")
    release = factories.release()
    client.get("/welcome/")
    page = page_of(client, release.get_absolute_url(), WINDOWS)
    assert f'class="big" href="{release.torrent_path}"' in page
    assert page.index(release.torrent_path) < page.index("easy/windows/")


def test_says_what_the_program_is_and_what_windows_may_ask(client: Client, programs: Path) -> None:
    path = factories.program(programs, "windows")
    page = page_of(client, factories.release().get_absolute_url(), WINDOWS)
    assert "Windows protected your PC" in page
    assert "Not signed by anybody." in page
    assert sha256(path.read_bytes()).hexdigest() in page


def test_always_shows_all_the_other_ways(client: Client, programs: Path) -> None:
    factories.program(programs, "linux")
    release = factories.release()
    page = page_of(client, release.get_absolute_url(), PHONE)
    assert "easy/linux/" in page
    assert "easy/macos/" not in page
    assert f'href="magnet:?xt=urn:btih:{release.info_hash}' in page


def test_says_how_many_share_and_which_files_there_are(client: Client) -> None:
    release = factories.release(data=factories.folder_torrent("Pictures", 103))
    TrackedTorrent.objects.update(complete=1, incomplete=2)
    page = page_of(client, release.get_absolute_url())
    assert "3 people are sharing this now." in page
    assert "000099.bin" in page
    assert "000100.bin" not in page
    assert "and 3 more files." in page


def test_the_button_never_says_torrent(client: Client) -> None:
    page = page_of(client, factories.release().get_absolute_url(), LINUX)
    button = page.split('class="big"')[1].split("</a>")[0].split(">")[1]
    assert button == "Download (24\xa0bytes)"


def test_hides_a_hidden_release_from_all_but_its_publisher(client: Client) -> None:
    release = factories.release()
    set_hidden(release, is_hidden=True)
    paths = [release.get_absolute_url(), release.torrent_path]
    paths.append(f"{release.get_absolute_url()}easy/linux/")
    assert [client.get(path).status_code for path in paths] == [404] * 3
    client.force_login(factories.visitor())
    assert client.get(paths[0]).status_code == 404
    client.force_login(release.publisher)
    assert [client.get(path).status_code for path in paths] == [200] * 3
    assert "<article" not in page_of(client, "/")


@pytest.mark.parametrize(
    "path", ["/torrents/x/", f"/torrents/{'A' * 40}/", f"/torrents/{'0' * 40}/"]
)
def test_knows_no_other_releases(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_shows_the_pages_that_the_admin_wrote(client: Client) -> None:
    assert client.get("/imprint/").status_code == 404
    Site.objects.update(imprint="Run by **Alice**.")
    assert "<strong>Alice</strong>" in page_of(client, "/imprint/")
    assert 'href="/imprint/"' in page_of(client, "/")
