"""What visitors see of the site's own copy: links that work, and words about who shares."""

import re
from html import unescape

import pytest
from django.test import Client

from server.catalog.models import Release, SiteCopy
from server.catalog.services import set_hidden, set_site_copy
from server.tracker.models import TrackedTorrent
from tests.server import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("programs")]

PHONE = {"user-agent": "Mozilla/5.0 (Linux; Android 15; Pixel) Mobile"}
STRAIGHT = "It comes straight from our server."


@pytest.fixture(autouse=True)
def _site() -> None:
    factories.site(address="http://testserver")


def page_of(client: Client, release: Release, headers: dict[str, str] | None = None) -> str:
    return client.get(release.get_absolute_url(), headers=headers).content.decode()


def files_behind_links(client: Client, page: str) -> set[bytes]:
    links = re.findall(r'href="(/files/[^"]+)"', page)
    return {client.get(unescape(link)).getvalue() for link in links}


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("Zoë’s #1 (50 %) & more; a+b", {"a/50 % off #2.txt": b"first", "b;c=d.txt": b"second"}),
        ("same", {"same": b"one file in a folder of its name"}),
        ("twice", {"twice/x": b"below", "x": b"on top"}),
    ],
)
def test_each_file_of_a_folder_is_a_link(
    client: Client, name: str, files: dict[str, bytes]
) -> None:
    release = factories.release(data=factories.folder_with(name, files))
    factories.site_copy(release, *(files[path] for path in sorted(files)))
    assert files_behind_links(client, page_of(client, release)) == {*files.values()}


def test_a_single_file_is_offered_straight_from_the_site(client: Client) -> None:
    release = factories.release(data=factories.torrent("Film #1 – 100 %.mkv", b"film"))
    assert "Straight from this site" not in page_of(client, release)
    factories.site_copy(release, b"film")
    page = page_of(client, release)
    assert "Straight from this site, without a program" in page
    assert files_behind_links(client, page) == {b"film"}


def test_a_phone_may_take_it_too(client: Client) -> None:
    release = factories.release(data=factories.torrent("song.mp3", b"la la"))
    assert "This phone can take it too" not in page_of(client, release, PHONE)
    factories.site_copy(release, b"la la")
    assert "This phone can take it too" in page_of(client, release, PHONE)
    folder = factories.release("Album", data=factories.folder_with("A", {"1": b"1", "2": b"2"}))
    factories.site_copy(folder, b"1", b"2")
    assert '<a href="#files">file by file</a>' in page_of(client, folder, PHONE)


@pytest.mark.parametrize(
    ("copy", "peers", "sentence"),
    [
        (SiteCopy.HERE, 0, STRAIGHT),
        (SiteCopy.HERE, 1, STRAIGHT),
        (SiteCopy.HERE, 3, "2 people are sharing this now."),
        (SiteCopy.COMING, 2, "1 person is sharing this now."),
        (SiteCopy.COMING, 1, "0 people are sharing this now. You can start anyway"),
        (SiteCopy.NONE, 1, "1 person is sharing this now."),
    ],
)
def test_the_site_does_not_take_itself_for_a_person(
    client: Client, copy: SiteCopy, peers: int, sentence: str
) -> None:
    release = factories.release()
    set_site_copy(release, copy)
    TrackedTorrent.objects.update(complete=peers)
    news = client.get(f"{release.get_absolute_url()}now.json").json()
    assert sentence in page_of(client, release)
    assert news["sentence"].startswith(sentence)
    assert news["is_there"] == ("0 people" not in sentence)


@pytest.mark.parametrize(
    ("copy", "sentence", "in_the_list"),
    [
        (SiteCopy.HERE, "The site has its own copy", "the site has its own copy"),
        (SiteCopy.COMING, "keep sharing until it has it", "the site is fetching its own copy"),
    ],
)
def test_its_publisher_learns_how_the_copy_is(
    client: Client, copy: SiteCopy, sentence: str, in_the_list: str
) -> None:
    release = factories.release()
    client.force_login(release.publisher)
    for path, words in ((f"/mine/{release.info_hash}/", sentence), ("/mine/", in_the_list)):
        set_site_copy(release, SiteCopy.NONE)
        assert words not in client.get(path).content.decode()
        set_site_copy(release, copy)
        assert words in client.get(path).content.decode()


def test_nobody_waits_for_a_copy_of_what_is_hidden(client: Client) -> None:
    release = factories.release()
    set_site_copy(release, SiteCopy.COMING)
    set_hidden(release, is_hidden=True)
    client.force_login(release.publisher)
    for path in (f"/mine/{release.info_hash}/", "/mine/"):
        assert "fetching its own copy" not in client.get(path).content.decode()
