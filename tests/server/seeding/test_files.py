"""The site's own copies over HTTP: for web seeds, and for people who click."""

from collections import Counter

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from server.catalog.models import Release, SiteCopy, TorrentFile
from server.seeding import places
from server.site.streaming import Streams
from tests.server import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("carried")]

FILM = bytes(range(256)) * 200
SMALL = {"Notes/100 % für Zoë #2.txt": b"some notes", "a film.mkv": FILM, "empty.txt": b""}
IN_ORDER = [SMALL[path] for path in ("Notes/100 % für Zoë #2.txt", "a film.mkv", "empty.txt")]


@pytest.fixture
def film() -> Release:
    """A release of one file, of which the site has a copy."""
    factories.site(address="http://testserver")
    release = factories.release(data=factories.torrent("The Film #1.mkv", FILM))
    factories.site_copy(release, FILM)
    return release


@pytest.fixture
def folder(film: Release) -> Release:
    """A release of a folder, of which the site has a copy."""
    release = factories.release("Folder", data=factories.folder_with("A & B", SMALL))
    factories.site_copy(release, *IN_ORDER)
    return release


def address(release: Release, path: str = "The Film #1.mkv") -> str:
    return reverse("seeding:file", args=[release.info_hash, path])


def test_is_the_file_under_its_own_name(client: Client, film: Release) -> None:
    response = client.get(address(film))
    assert response.getvalue() == FILM
    assert response["Content-Length"] == str(len(FILM))
    assert response["Content-Disposition"] == 'attachment; filename="The Film #1.mkv"'
    assert response["Content-Type"] == "video/x-matroska"


@pytest.mark.parametrize("path", SMALL)
def test_finds_each_file_of_a_folder(client: Client, folder: Release, path: str) -> None:
    assert client.get(address(folder, f"A & B/{path}")).getvalue() == SMALL[path]


@pytest.mark.parametrize(
    "path", ["a film.mkv", "A & B", "A & B/Notes", "A & B/../a film.mkv", "A & B/a film.mkv/", "1"]
)
def test_knows_no_other_files(client: Client, folder: Release, path: str) -> None:
    assert client.get(address(folder, path)).status_code == 404


def test_a_page_may_leave_out_a_folder_that_has_the_name_of_its_only_file(
    client: Client, film: Release
) -> None:
    release = factories.release("a", data=factories.folder_with("a", {"a": b"content"}))
    factories.site_copy(release, b"content")
    for path in ("a/a", "a"):
        assert client.get(address(release, path)).getvalue() == b"content"


def test_what_a_publisher_uploads_is_never_a_page_of_the_site(
    client: Client, film: Release
) -> None:
    page = b"<script>alert(document.cookie)</script>"
    release = factories.release("Page", data=factories.torrent("page.html", page))
    factories.site_copy(release, page)
    response = client.get(address(release, "page.html"))
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox"
    assert response["Content-Disposition"].startswith("attachment")


def test_gives_the_part_that_was_asked_for(client: Client, film: Release) -> None:
    etag = client.head(address(film))["ETag"]
    part = client.get(address(film), headers={"range": "bytes=1000-1999", "if-range": etag})
    assert (part.status_code, part.getvalue()) == (206, FILM[1000:2000])
    assert part["Content-Range"] == f"bytes 1000-1999/{len(FILM)}"
    behind = client.get(address(film), headers={"range": f"bytes={len(FILM)}-"})
    known = client.get(address(film), headers={"if-none-match": etag})
    assert (behind.status_code, known.status_code) == (416, 304)


def test_two_files_of_one_release_are_not_taken_for_each_other(
    client: Client, folder: Release
) -> None:
    tags = {client.head(address(folder, f"A & B/{path}"))["ETag"] for path in SMALL}
    assert len(tags) == len(SMALL)


def test_the_torrent_is_not_read_for_every_part(client: Client, film: Release) -> None:
    client.get(address(film))
    TorrentFile.objects.filter(release=film).update(info=b"")
    assert client.get(address(film)).getvalue() == FILM


def test_padding_is_zeros_for_programs_that_do_not_know_it(client: Client, film: Release) -> None:
    data = factories.folder_with("both", SMALL, is_hybrid=True)
    release = factories.release("Hybrid", data=data)
    factories.site_copy(release, *IN_ORDER)
    length = -len(FILM) % factories.PIECE_LENGTH
    assert client.get(address(release, f"both/.pad/{length}")).getvalue() == bytes(length)
    assert client.get(address(release, f"both/.pad/{length + 1}")).status_code == 404


def test_as_long_as_it_is_coming_programs_may_ask_again(
    client: Client, film: Release, caplog: pytest.LogCaptureFixture
) -> None:
    factories.site_copy(film, state=SiteCopy.COMING)
    response = client.get(address(film))
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert response["Cache-Control"] == "no-store"
    assert not caplog.records  # Every program in the swarm asks.
    assert client.get(address(film, "other")).status_code == 404


def test_without_a_copy_there_is_nothing(client: Client, film: Release) -> None:
    factories.site_copy(film, state=SiteCopy.NONE)
    assert client.get(address(film)).status_code == 404


def test_of_a_hidden_release_only_its_publisher_gets_it(client: Client, film: Release) -> None:
    Release.objects.update(is_hidden=True)
    assert client.get(address(film)).status_code == 404
    client.force_login(film.publisher)
    response = client.get(address(film))
    assert (response.getvalue(), response["Cache-Control"]) == (FILM, "no-store")


@pytest.mark.parametrize("left", [FILM[:-1], None], ids=["too short", "gone"])
@pytest.mark.parametrize("location", ["", "/own-copies/"])
def test_a_damaged_copy_is_never_sent(
    client: Client,
    film: Release,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    left: bytes | None,
    location: str,
) -> None:
    settings.ACCEL_COPIES = location
    file = places.file_of(film.info_hash, 0)
    file.unlink() if left is None else file.write_bytes(left)
    response = client.get(address(film), headers={"range": "bytes=0-9"})
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    (logged,) = [entry for entry in caplog.records if entry.name == "server.seeding.views"]
    assert (logged.levelname, str(file) in logged.message) == ("ERROR", True)


def test_when_too_many_are_on_their_way_programs_may_ask_again(
    client: Client, film: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.seeding.views.streams", Streams(1))
    first = client.get(address(film))
    assert client.get(address(film)).status_code == 503
    assert first.getvalue() == FILM
    assert client.get(address(film)).getvalue() == FILM


def test_what_web_seeds_carry_is_counted_and_no_whole_file(
    client: Client, film: Release, carried: Counter[str]
) -> None:
    client.get(address(film)).getvalue()
    client.head(address(film), headers={"range": "bytes=0-9"})
    assert not carried
    client.get(address(film), headers={"range": "bytes=0-999"}).getvalue()
    assert carried == {film.info_hash: 1000}


def test_nginx_is_told_which_file_to_send(
    client: Client, film: Release, settings: Settings, carried: Counter[str]
) -> None:
    settings.ACCEL_COPIES = "/own-copies/"
    response = client.get(address(film), headers={"range": "bytes=0-999"})
    assert response["X-Accel-Redirect"] == f"/own-copies/{film.info_hash}/files/0"
    assert (response.content, response["Content-Type"]) == (b"", "video/x-matroska")
    assert carried == {film.info_hash: 1000}


def test_the_address_that_torrents_name_leads_people_to_the_release(
    client: Client, film: Release
) -> None:
    response = client.get(reverse("seeding:files", args=[film.info_hash]))
    assert (response.status_code, response["Location"]) == (302, film.get_absolute_url())
