"""Easy download over HTTP."""

import os
import tracemalloc
from hashlib import sha256
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from installer.formats import metainfo, record
from installer.formats.payload import Download, DownloadByHash
from server.bundles.services import download_bundle
from server.catalog.models import Release
from server.site.models import Site
from server.site.streaming import Streams
from tests.installer.examples import carried
from tests.server import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site() -> None:
    factories.site(address="http://testserver")


def easy(release: Release, platform: str = "linux") -> str:
    return f"{release.get_absolute_url()}easy/{platform}/"


def whole(client: Client, path: str) -> bytes:
    return client.get(path).getvalue()


def test_is_the_program_with_the_torrent_behind_it(
    client: Client, programs: Path, tmp_path: Path
) -> None:
    program = factories.program(programs)
    release = factories.release()
    response = client.get(easy(release))
    got = tmp_path / "got"
    got.write_bytes(response.getvalue())
    payload = carried(got)
    assert isinstance(payload, Download)
    assert metainfo.read(payload.torrent).info_hash.hex() == release.info_hash
    assert payload.site_url == "http://testserver"
    assert got.read_bytes().startswith(program.read_bytes())
    assert response.streaming


def test_says_what_it_is(client: Client, programs: Path) -> None:
    factories.program(programs, "windows")
    response = client.get(easy(factories.release(), "windows"))
    assert response["Content-Length"] == str(len(response.getvalue()))
    assert response["Content-Disposition"] == (
        'attachment; filename="Night-of-the-Living-Dead-download.exe"'
    )
    assert response["Cache-Control"] == "public, max-age=86400"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Accept-Ranges"] == "bytes"
    assert not response.cookies


def test_the_bytes_are_the_same_for_everybody(client: Client, programs: Path) -> None:
    factories.program(programs)
    path = easy(factories.release())
    before = client.get(path)
    client.force_login(factories.visitor())
    after = client.get(path, headers={"host": "localhost", "user-agent": "x"})
    assert after.getvalue() == before.getvalue()
    assert after["ETag"] == before["ETag"]


def test_a_large_torrent_is_named_instead_of_carried(
    client: Client, programs: Path, tmp_path: Path
) -> None:
    factories.program(programs)
    release = factories.release(data=factories.folder_torrent("Many", 3_000))
    (tmp_path / "got").write_bytes(whole(client, easy(release)))
    payload = carried(tmp_path / "got")
    assert isinstance(payload, DownloadByHash)
    torrent = client.get(payload.torrent_url.removeprefix("http://testserver")).content
    assert payload.size == len(torrent)
    assert metainfo.read(torrent).info_hash == payload.info_hash


def test_head_has_the_headers_and_no_body(client: Client, programs: Path) -> None:
    factories.program(programs)
    path = easy(factories.release())
    head, get = client.head(path), client.get(path)
    assert head.content == b""
    assert {**head.headers} == {**get.headers}


def test_is_not_sent_again_to_whoever_has_it(client: Client, programs: Path) -> None:
    factories.program(programs)
    path = easy(factories.release())
    etag = client.get(path)["ETag"]
    assert etag.startswith('"')
    response = client.get(path, headers={"if-none-match": f'"other", W/{etag}'})
    assert (response.status_code, response.content) == (304, b"")


def test_parts_fit_together(client: Client, programs: Path) -> None:
    factories.program(programs)
    path = easy(factories.release())
    content = whole(client, path)

    @given(st.integers(0, len(content) - 1), st.integers(0, len(content)))
    def check(start: int, length: int) -> None:
        header = f"bytes={start}-{start + length}"
        part = client.get(path, headers={"range": header})
        assert part.status_code == 206
        assert part.getvalue() == content[start : start + length + 1]
        stop = min(start + length, len(content) - 1)
        assert part["Content-Range"] == f"bytes {start}-{stop}/{len(content)}"

    check()


def test_resumes_only_the_same_bytes(client: Client, programs: Path) -> None:
    factories.program(programs)
    path = easy(factories.release())
    etag = client.get(path)["ETag"]
    same = client.get(path, headers={"range": "bytes=9-", "if-range": etag})
    other = client.get(path, headers={"range": "bytes=9-", "if-range": '"older"'})
    dated = client.get(
        path, headers={"range": "bytes=9-", "if-range": "Sat, 01 Jan 2022 00:00:00 GMT"}
    )
    assert [each.status_code for each in (same, other, dated)] == [206, 200, 200]


def test_refuses_to_begin_behind_the_end(client: Client, programs: Path) -> None:
    factories.program(programs)
    path = easy(factories.release())
    size = len(whole(client, path))
    response = client.get(path, headers={"range": f"bytes={size}-"})
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{size}")


def test_a_thousand_ranges_get_the_one_file(client: Client, programs: Path) -> None:
    factories.program(programs)
    path = easy(factories.release())
    header = "bytes=" + ",".join(["0-"] * 1000)
    assert client.get(path, headers={"range": header}).status_code == 200


@pytest.mark.parametrize("platform", ["windows", "linux", "macos"])
def test_without_a_program_offers_the_torrent_kindly(
    client: Client, programs: Path, platform: str
) -> None:
    release = factories.release()
    page = client.get(easy(release, platform))
    assert page.status_code == 200
    assert "There is no program for" in page.content.decode()
    assert release.torrent_path in page.content.decode()


def test_a_broken_program_is_no_program(client: Client, programs: Path) -> None:
    factories.program(programs).write_bytes(b"not a program")
    page = client.get(easy(factories.release()))
    assert page.status_code == 200
    assert "There is no program for Linux" in page.content.decode()


@pytest.mark.parametrize("damage", [b"more", b""], ids=["longer", "shorter"])
def test_a_program_with_a_bad_signature_is_no_program(
    client: Client,
    programs: Path,
    signed_program: bytes,
    damage: bytes,
    caplog: pytest.LogCaptureFixture,
) -> None:
    data = signed_program + damage if damage else signed_program[:-8]
    factories.program(programs, "windows").write_bytes(data)
    page = client.get(easy(factories.release(), "windows"))
    assert page.status_code == 200
    assert "There is no program for Windows" in page.content.decode()
    assert len([entry for entry in caplog.records if "signature" in entry.message]) == 1


def test_a_payload_that_is_too_large_is_no_dead_end(
    client: Client, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "MAX_RECORD", 100)
    factories.program(programs)
    release = factories.release()
    page = client.get(easy(release))
    assert page.status_code == 200
    assert release.torrent_path in page.content.decode()


def test_a_program_that_vanishes_is_no_program(
    client: Client, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = factories.program(programs)
    release = factories.release()
    bundle = download_bundle(release, "linux")
    template.unlink()
    monkeypatch.setattr("server.bundles.views.download_bundle", lambda *_: bundle)
    assert "There is no program for Linux" in client.get(easy(release)).content.decode()


def test_when_too_many_are_on_their_way_the_page_says_so(
    client: Client, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.program(programs)
    release = factories.release()
    monkeypatch.setattr("server.site.sending.streams", Streams(1))
    first = client.get(easy(release))
    page = client.get(easy(release))
    assert (page.status_code, page["Retry-After"]) == (503, "60")
    assert "try again in a minute" in page.content.decode()
    assert release.torrent_path in page.content.decode()
    assert client.head(easy(release)).status_code == client.get("/").status_code == 200
    assert len(first.getvalue()) == int(first["Content-Length"])
    assert client.get(easy(release)).status_code == 200


def test_a_fault_in_the_payload_is_an_error_for_the_admin_and_no_dead_end(
    client: Client, programs: Path, caplog: pytest.LogCaptureFixture
) -> None:
    factories.program(programs)
    release = factories.release()
    Site.objects.update(name="two\nlines")
    page = client.get(easy(release))
    assert release.torrent_path in page.content.decode()
    (logged,) = [entry for entry in caplog.records if entry.name == "server.bundles.services"]
    assert (logged.levelname, page.status_code) == ("ERROR", 200)
    assert "site name" in logged.message


@pytest.mark.parametrize("platform", ["amiga", "..", "Windows"])
def test_knows_no_other_platforms(client: Client, programs: Path, platform: str) -> None:
    assert client.get(easy(factories.release(), platform)).status_code == 404


def test_memory_stays_small(client: Client, programs: Path) -> None:
    factories.program(programs, content=os.urandom(1 << 20) * 24)
    response = client.get(easy(factories.release()))
    tracemalloc.start()
    for chunk in response.streaming_content:
        assert len(chunk) <= 1 << 20
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 << 20


def test_tells_the_checksum_of_the_file_that_visitors_get(client: Client, programs: Path) -> None:
    factories.program(programs, "windows")
    release = factories.release()
    address = f"{release.get_absolute_url()}easy/windows/"
    digest, name = client.get(f"{address}sha256").content.decode().split()
    program = client.get(address)
    assert digest == sha256(program.getvalue()).hexdigest()
    assert name in program["Content-Disposition"]
    assert client.get(f"{release.get_absolute_url()}easy/linux/sha256").status_code == 404
