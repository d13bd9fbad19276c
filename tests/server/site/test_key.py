"""The site has one key, made once, for nobody else to read."""

import stat
from pathlib import Path

import pytest
from django.test import Client

from installer.bundle.reading import read_payload
from installer.formats.signature import fingerprint
from server.site.key import SiteKeyError, site_key
from tests.server import factories


def test_is_made_once_and_private(data_dir: Path) -> None:
    key = site_key()
    assert site_key() == key
    (file,) = data_dir.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_another_folder_has_another_key(data_dir: Path) -> None:
    first = site_key()
    (data_dir / "site-key").unlink()
    assert site_key() != first


def test_never_replaces_the_key_of_a_process_that_was_faster(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = site_key()
    monkeypatch.setattr(Path, "exists", lambda self: False)
    assert site_key() == key
    assert [file.name for file in data_dir.iterdir()] == ["site-key"]


@pytest.mark.parametrize("text", ["", "00", "zz" * 32])
def test_says_that_it_is_damaged(data_dir: Path, text: str) -> None:
    (data_dir / "site-key").write_text(text)
    with pytest.raises(SiteKeyError, match="Put it back from a backup"):
        site_key()


def test_does_not_show_itself(data_dir: Path) -> None:
    assert site_key().seed.hex() not in repr(site_key())


@pytest.mark.django_db
def test_the_api_says_who_the_site_is(client: Client, data_dir: Path) -> None:
    site = factories.site(address="http://testserver")
    public = site_key().public
    assert client.get("/api/v1/site").json() == {
        "name": site.name,
        "address": site.address,
        "public_key": public.hex(),
        "fingerprint": fingerprint(public),
    }


@pytest.mark.django_db
def test_the_api_says_that_the_key_is_lost(client: Client, data_dir: Path) -> None:
    factories.site(address="http://testserver")
    (data_dir / "site-key").write_text("")
    answer = client.get("/api/v1/site")
    assert (answer.status_code, answer.json()["code"]) == (503, "no_key")


@pytest.mark.django_db
def test_the_admin_shows_key_and_fingerprint(admin_client: Client, data_dir: Path) -> None:
    factories.site(address="http://testserver")
    page = admin_client.get("/admin/site/site/1/change/").content.decode()
    assert site_key().public.hex() in page
    assert fingerprint(site_key().public) in page
    assert site_key().seed.hex() not in page


@pytest.mark.django_db
def test_what_a_visitor_gets_is_signed_with_it(
    client: Client, programs: Path, data_dir: Path, tmp_path: Path
) -> None:
    factories.site(address="http://testserver")
    factories.program(programs)
    path = f"{factories.release().get_absolute_url()}easy/linux/"
    (tmp_path / "got").write_bytes(client.get(path).getvalue())
    payload = read_payload(tmp_path / "got")
    assert payload is not None
    assert payload.public_key == site_key().public


@pytest.mark.django_db
def test_without_it_the_visitor_still_gets_the_page(
    client: Client, programs: Path, data_dir: Path
) -> None:
    factories.site(address="http://testserver")
    factories.program(programs)
    (data_dir / "site-key").write_text("")
    answer = client.get(f"{factories.release().get_absolute_url()}easy/linux/")
    assert answer.status_code == 200
    assert "torrent file works just as well" in answer.content.decode()
