"""Torrent files and magnet links as they leave the site, and what the tracker is told."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from installer.formats import magnet, metainfo
from server.catalog.models import Release, SiteCopy
from server.catalog.services import (
    magnet_link,
    remove,
    set_hidden,
    set_site_copy,
    torrent_size,
)
from server.site.models import Site
from server.tracker.models import TrackedTorrent
from tests.server import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site() -> None:
    factories.site(address="http://testserver")


def fetched(client: Client, release: Release) -> metainfo.Metainfo:
    return metainfo.read(client.get(release.torrent_path).content)


@pytest.mark.parametrize("make", [factories.torrent, factories.hybrid_torrent])
def test_the_info_hash_never_changes(client: Client, make: object) -> None:
    data = make()  # type: ignore[operator]
    before, after = metainfo.read(data), fetched(client, factories.release(data=data))
    assert (after.info, after.piece_layers) == (before.info, before.piece_layers)


def test_a_large_hybrid_keeps_its_piece_layers(client: Client) -> None:
    from hashlib import sha1, sha256

    size = factories.PIECE_LENGTH
    file = metainfo.File(("a.bin",), 3 * size)
    roots = [sha256(bytes([number]) * size).digest() for number in range(3)]
    hashes = [metainfo.file_hashes(file, size, roots)]
    pieces = b"".join(sha1(bytes([number]) * size).digest() for number in range(3))
    info = metainfo.info_hybrid(
        "a.bin", [file], is_folder=False, piece_length=size, pieces=pieces, hashes=hashes
    )
    layers = metainfo.piece_layers(hashes)
    data = metainfo.write(info, piece_layers=layers)
    assert fetched(client, factories.release(data=data)).piece_layers == layers != {}


def test_replaces_everything_outside_info_by_our_own(client: Client) -> None:
    release = factories.release()
    torrent = fetched(client, release)
    assert torrent.announce == (
        ("http://testserver:6969/announce",),
        ("http://testserver/announce",),
    )
    assert torrent.comment == f"http://testserver{release.get_absolute_url()}"
    assert torrent.web_seeds == ()
    assert b"foreign" not in client.get(release.torrent_path).content


@pytest.mark.parametrize("state", [SiteCopy.COMING, SiteCopy.HERE])
def test_names_the_sites_own_copy_from_the_beginning(client: Client, state: SiteCopy) -> None:
    release = factories.release(data=factories.hybrid_torrent())
    set_site_copy(release, state)
    seed = f"http://testserver/files/{release.info_hash}/"
    assert fetched(client, release).web_seeds == (seed,)
    site = Site.objects.current()
    assert magnet.read(magnet_link(release, site)).web_seeds == (seed,)
    (listed,) = Release.objects.all().with_torrent_sizes()
    assert torrent_size(listed, site) == len(client.get(release.torrent_path).content)


def test_is_sent_as_a_torrent_file(client: Client) -> None:
    response = client.get(factories.release('Quote " and \r\n ümlaut; é').torrent_path)
    assert response["Content-Type"] == "application/x-bittorrent"
    assert response["Content-Disposition"] == 'attachment; filename="quote-and-umlaut-e.torrent"'
    assert response["X-Content-Type-Options"] == "nosniff"


def test_is_not_sent_twice(client: Client) -> None:
    path = factories.release().torrent_path
    etag = client.get(path)["ETag"]
    assert client.get(path, headers={"if-none-match": etag}).status_code == 304


def test_a_wrong_slug_leads_to_the_right_one(client: Client) -> None:
    release = factories.release()
    response = client.get(f"{release.get_absolute_url()}old-title.torrent")
    assert response["Location"] == release.torrent_path


@pytest.mark.parametrize(
    ("title", "slug"),
    [("日本", "release-"), ("con", "release-"), ("a" * 200, "a" * 80), ("Él Niño", "el-nino")],
)
def test_names_are_safe_on_every_computer(title: str, slug: str) -> None:
    release = factories.release(title)
    assert release.slug.startswith(slug)
    assert release.slug.isascii()
    assert release.file_stem.isascii()
    assert release.file_stem


def test_magnet_link_names_trackers_and_size() -> None:
    release = factories.release(data=factories.hybrid_torrent())
    link = magnet.read(magnet_link(release, Site.objects.current()))
    assert link.info_hash == bytes.fromhex(release.info_hash)
    assert link.info_hash_v2 == bytes.fromhex(release.info_hash_v2)
    assert link.size == release.total_size
    assert len(link.trackers) == 2


def test_the_tracker_welcomes_both_hashes_and_turns_them_away_again() -> None:
    release = factories.release(data=factories.hybrid_torrent())
    welcome = TrackedTorrent.objects.filter(is_welcome=True)
    assert {row.info_hash for row in welcome.all()} == {
        release.info_hash,
        release.info_hash_v2[:40],
    }
    set_hidden(release, is_hidden=True)
    assert not welcome.exists()
    set_hidden(release, is_hidden=False)
    remove(release)
    assert not welcome.exists()
    assert not Release.objects.exists()


def save_in_admin(admin_client: Client, release: Release, *, title: str) -> None:
    path = f"/admin/catalog/release/{release.pk}/change/"
    (files,) = admin_client.get(path).context["inline_admin_formsets"]
    management = files.formset.management_form
    posted = {management.add_prefix(name): management[name].value() for name in management.fields}
    words = {"title": title, "description": "", "category": "", "replaced_by": ""}
    assert admin_client.post(path, {**words, **posted}).status_code == 302


def test_the_admin_shows_the_files_and_saves_the_words(admin_client: Client) -> None:
    release = factories.release(data=factories.folder_torrent("Many", 1_001))
    content = admin_client.get(f"/admin/catalog/release/{release.pk}/change/").content.decode()
    assert "<td>000999.bin</td><td>16.0\xa0KB</td>" in content
    assert "and 1 more file." in content
    assert "001000.bin" not in content
    save_in_admin(admin_client, release, title="Many files")
    assert Release.objects.get().title == "Many files"


def test_hiding_in_the_admin_reaches_the_tracker(admin_client: Client) -> None:
    release = factories.release()
    action = {"action": "hide", "_selected_action": [release.pk]}
    admin_client.post("/admin/catalog/release/", action)
    assert not TrackedTorrent.objects.get().is_welcome
    save_in_admin(admin_client, release, title="New\x0b title")
    assert TrackedTorrent.objects.get().is_welcome
    assert Release.objects.get().title == "New title"


def test_a_title_of_which_nothing_is_left_is_refused_in_the_admin(admin_client: Client) -> None:
    release = factories.release("Old title")
    given = {"title": "\u200b", "description": "", "category": ""}
    page = admin_client.post(f"/admin/catalog/release/{release.pk}/change/", given)
    assert "Nothing of this title can be seen." in page.content.decode()
    assert Release.objects.get().title == "Old title"


def test_an_invisible_title_is_as_good_as_none() -> None:
    data = factories.torrent("My_Film.mkv")
    assert factories.release("\u200b \ufeff", data=data).title == "My Film"


def test_deleting_in_the_admin_reaches_the_tracker(admin_client: Client) -> None:
    factories.release()
    pk = Release.objects.get().pk
    admin_client.post(f"/admin/catalog/release/{pk}/delete/", {"post": "yes"})
    assert not Release.objects.exists()
    assert not TrackedTorrent.objects.get().is_welcome


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("My_Film_2024.mkv", "My Film 2024"),
        ("debian-12.5.0-amd64.iso", "debian-12.5.0-amd64"),
        ("data.tar.gz", "data"),
        ("Tails 6.5", "Tails 6.5"),
    ],
)
def test_a_release_without_a_title_is_called_like_its_file(name: str, title: str) -> None:
    data = metainfo.read(factories.torrent(name))
    from server.catalog.services import add_release

    assert add_release(data, factories.publisher(), now=factories.NOON).title == title


def test_only_the_torrent_file_reads_the_whole_torrent(client: Client) -> None:
    release = factories.release()
    page = release.get_absolute_url()
    reading = []
    for path in (page, f"{page}now.json", f"{page}report/", release.torrent_path):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        reading.append(sum('"piece_layers"' in query["sql"] for query in queries))
    assert reading == [0, 0, 0, 1]
