"""A publisher's own pages: editing, hiding, deleting, replacing, revoking, and API tokens."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from installer.formats import metainfo
from server.catalog.models import DownloadsPerDay, Release
from server.catalog.services import set_hidden
from server.publishing.models import ApiToken, Scope, Ticket
from server.publishing.services import issue_ticket
from server.publishing.tokens import make_token
from server.site.models import Site
from server.tracker.models import TrackedTorrent
from server.tracker.services import block
from tests.server import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("programs")]

TORRENT = "application/x-bittorrent"


@pytest.fixture(autouse=True)
def _site() -> None:
    factories.site(address="http://testserver")


@pytest.fixture
def release(client: Client) -> Release:
    """Alice's release; she is signed in."""
    found = factories.release("Old words")
    client.force_login(found.publisher)
    return found


def page_of(release: Release) -> str:
    return f"/mine/{release.info_hash}/"


def edit(client: Client, release: Release, **fields: object) -> int:
    given = {"title": release.title, "description": "", **fields}
    return client.post(page_of(release), given).status_code


def test_changes_words_and_what_finds_them(client: Client, release: Release) -> None:
    assert edit(client, release, title="New words", description="**bold**") == 302
    page = client.get(release.get_absolute_url()).content.decode()
    assert "<h1>New words</h1>" in page
    assert "<strong>bold</strong>" in page
    assert list(Release.objects.matching("new bold film")) == [release]
    assert not Release.objects.matching("old").exists()


def test_hides_and_turns_the_peers_away(client: Client, release: Release) -> None:
    edit(client, release, is_hidden="on")
    assert Client().get(release.get_absolute_url()).status_code == 404
    assert not TrackedTorrent.objects.get().is_welcome


def test_gives_a_picture_and_takes_it_away(client: Client, release: Release) -> None:
    file = BytesIO()
    Image.new("RGB", (300, 200)).save(file, "PNG")
    edit(client, release, picture_file=SimpleUploadedFile("p.png", file.getvalue()))
    release = Release.objects.get()
    assert release.picture.width == 300
    edit(client, release, without_picture="on")
    assert not hasattr(Release.objects.get(), "picture")
    assert edit(client, release, picture_file=SimpleUploadedFile("p.png", b"<svg/>")) == 200


def test_the_old_version_leads_to_the_new_one_and_never_in_circles(
    client: Client, release: Release
) -> None:
    newer = factories.release("Newer")
    edit(client, release, replaced_by=newer.pk)
    page = client.get(release.get_absolute_url()).content.decode()
    assert f'newer version: <a href="{newer.get_absolute_url()}">Newer</a>' in page
    assert edit(client, newer, replaced_by=release.pk) == 200


def test_deletes_after_asking(client: Client, release: Release) -> None:
    client.get(f"{page_of(release)}delete/")
    assert Release.objects.exists()
    client.post(f"{page_of(release)}delete/")
    assert not Release.objects.exists()


def test_cannot_show_or_delete_what_a_moderator_has_hidden(
    client: Client, release: Release
) -> None:
    set_hidden(release, is_hidden=True, by_staff=True)
    assert edit(client, release, title="Still hidden") == 302
    client.post(f"{page_of(release)}delete/")
    assert Release.objects.get(title="Still hidden").is_hidden


def test_cannot_show_what_is_blocked(client: Client, release: Release) -> None:
    edit(client, release, is_hidden="on")
    block(bytes.fromhex(release.info_hash), "asked by the owner")
    assert edit(client, release) == 200
    assert Release.objects.get().is_hidden


def test_is_nobody_elses(release: Release) -> None:
    charlie = Client()
    charlie.force_login(factories.publisher("charlie"))
    for path in (page_of(release), f"{page_of(release)}delete/"):
        assert charlie.post(path, {"title": "Mine now"}).status_code == 404
    bob = Client()
    bob.force_login(factories.visitor())
    assert bob.get("/mine/").status_code == 403
    assert Client().get("/mine/")["Location"].startswith("/accounts/login/")


def test_shows_the_numbers(client: Client, release: Release) -> None:
    TrackedTorrent.objects.update(downloaded=41, complete=2, incomplete=3)
    DownloadsPerDay.objects.create(release=release, day=timezone.now().date(), completed=41)
    assert "Downloaded 41 times in all." in client.get("/mine/").content.decode()
    for path in (page_of(release), release.get_absolute_url()):
        assert "41 downloads in the last 30 days" in client.get(path).content.decode()


def test_revokes_tickets_and_tokens_of_ones_own(client: Client, release: Release) -> None:
    now = timezone.now()
    row, _values = issue_ticket(release.publisher, now)
    make_token(release.publisher, "script", Scope.READ, 30, now)
    number = ApiToken.objects.get().pk
    charlie = Client()
    charlie.force_login(factories.publisher("charlie"))
    for person, left in ((charlie, 1), (client, 0)):
        person.post(f"/mine/access/tickets/{row.pk}/revoke/")
        person.post(f"/mine/access/tokens/{number}/revoke/")
        assert Ticket.objects.usable(now).count() == left
        assert ApiToken.objects.usable(now).count() == left


def test_a_token_is_shown_once_and_opens_what_it_is_for(client: Client, release: Release) -> None:
    form = {"name": "nightly", "scope": "publish", "days": "30"}
    page = client.post("/mine/access/", form).content.decode()
    token = page.split("<code>passalong_")[1].split("<")[0]
    assert token not in client.get("/mine/access/").content.decode()
    script = {"authorization": f"Bearer passalong_{token}"}
    post = ("/api/v1/torrents?title=Nightly", factories.torrent(content=b"new"), TORRENT)
    answer = Client().post(*post, headers=script)
    assert answer.status_code == 201
    assert Release.objects.get(title="Nightly").publisher == release.publisher
    assert Client().get("/api/v1/releases", headers=script).status_code == 401


def test_a_reading_token_reads_until_it_expires(release: Release) -> None:
    now = timezone.now()
    text = make_token(release.publisher, "numbers", Scope.READ, 30, now)
    headers = {"authorization": f"Bearer {text}"}
    assert [each["title"] for each in Client().get("/api/v1/releases", headers=headers).json()] == [
        "Old words"
    ]
    ApiToken.objects.update(expires_at=now - timedelta(seconds=1))
    assert Client().get("/api/v1/releases", headers=headers).status_code == 401


def upload(client: Client, data: bytes, **fields: str) -> str:
    file = SimpleUploadedFile("film.torrent", data, TORRENT)
    response = client.post("/upload/torrent/", {"torrent": file, **fields})
    return response.get("Location", "") or response.content.decode()


@pytest.mark.usefixtures("release")
def test_a_torrent_from_elsewhere_moves_to_our_tracker(client: Client) -> None:
    path = upload(client, factories.torrent(content=b"x"), title="Moved")
    content = metainfo.read(client.get(Release.objects.get(title="Moved").torrent_path).content)
    assert path == Release.objects.get(title="Moved").get_absolute_url()
    assert content.announce == (
        ("http://testserver:6969/announce",),
        ("http://testserver/announce",),
    )


@pytest.mark.usefixtures("release")
def test_or_keeps_the_trackers_it_has_and_is_none_of_our_trackers_business(client: Client) -> None:
    upload(client, factories.torrent(content=b"x"), title="Kept", keeps_trackers="keep")
    kept = Release.objects.get(title="Kept")
    assert kept.foreign_trackers == [["http://elsewhere.example/announce"]]
    content = metainfo.read(client.get(kept.torrent_path).content)
    assert content.announce == (("http://elsewhere.example/announce",),)
    assert "testserver%3A6969" not in client.get(kept.get_absolute_url()).content.decode()
    edit(client, kept, is_hidden="on")
    edit(client, kept)
    assert not kept.swarm.is_welcome
    assert not TrackedTorrent.objects.get(pk=kept.info_hash).is_welcome


@pytest.mark.usefixtures("release")
@pytest.mark.parametrize(
    ("tracker", "fields", "sentence"),
    [
        ("http://elsewhere.example/announce", {}, "nobody shares it here yet"),
        ("http://testserver:6969/announce", {}, "Leave your program running"),
        ("http://elsewhere.example/announce", {"keeps_trackers": "keep"}, "go on meeting"),
    ],
)
def test_says_what_is_left_to_do_after_publishing(
    client: Client, tracker: str, fields: dict[str, str], sentence: str
) -> None:
    data = factories.torrent(content=b"x", announce=tracker)
    assert sentence in client.get(upload(client, data, **fields)).content.decode()


@pytest.mark.usefixtures("release")
def test_says_what_is_wrong_with_an_uploaded_torrent(client: Client) -> None:
    assert "torrent" in upload(client, b"<html>")
    data = factories.torrent(content=b"x")
    block(metainfo.read(data).info_hash, "asked by the owner")
    assert "blocked" in upload(client, data)
    Site.objects.update(largest_release_gb=1)
    assert "larger than the 1 GB" in upload(client, factories.folder_torrent("big", 100, 2**24))


def test_the_day_has_a_limit(client: Client, release: Release) -> None:
    Site.objects.update(uploads_per_day=1)
    assert client.post("/upload/ticket/").status_code == 200
    answer = client.post("/upload/ticket/")
    assert answer.status_code == 429
    assert "go on tomorrow" in answer.content.decode()


def test_the_day_has_a_limit_without_tickets_as_well(client: Client, release: Release) -> None:
    Site.objects.update(uploads_per_day=1)
    Release.objects.update(published_at=timezone.now() - timedelta(days=1))
    assert upload(client, factories.torrent(content=b"x")).startswith("/torrents/")
    assert "go on tomorrow" in upload(client, factories.torrent(content=b"y"))


def test_the_upload_page_learns_what_has_arrived(client: Client, release: Release) -> None:
    since = int(factories.NOON.timestamp())
    assert client.get(f"/upload/news.json?since={since + 1}").json() == {"url": None}
    arrived = client.get(f"/upload/news.json?since={since}").json()
    assert arrived == {"url": release.get_absolute_url()}
    assert client.get("/upload/news.json?since=x").status_code == 400
