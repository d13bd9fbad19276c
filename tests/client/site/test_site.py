"""What the client asks of a site, and the sentences that its answers become."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from client.errors import SiteError
from client.site.asking import is_loopback
from client.site.fetching import fetch
from client.site.publishing import Words, extend, upload, warning_for
from client.site.site_copy import has_site_copy
from tests.client.site_double import SiteDouble

PUBLISHED = json.dumps({"info_hash": "ab", "page_url": "p", "torrent_url": "t"}).encode()
API = "/api/v1/torrents"


def test_the_token_travels_in_the_header_only(site: SiteDouble) -> None:
    site.answer(API, PUBLISHED, 201)
    ticket = site.ticket()
    published = upload(ticket, b"d4:infoe", Words(title="My song & yours"))
    asked = site.asked[0]
    assert published.page_url == "p"
    assert asked.headers["Authorization"] == f"Bearer {ticket.token_text}"
    assert asked.headers["Content-Type"] == "application/x-bittorrent"
    assert (asked.path, asked.body) == (f"{API}?title=My+song+%26+yours", b"d4:infoe")


def test_a_netrc_does_not_replace_the_token(
    site: SiteDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login a password b")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    site.answer(API, PUBLISHED, 200)
    upload(site.ticket(), b"de")
    assert site.asked[0].headers["Authorization"].startswith("Bearer ")


def test_a_redirect_gets_no_token(site: SiteDouble) -> None:
    site.answer(API, b"", 307, {"Location": f"{site.url}/elsewhere"})
    with pytest.raises(SiteError, match="refused for safety"):
        upload(site.ticket(), b"de")
    assert [asked.path for asked in site.asked] == [API]


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (401, b'{"code": "x", "message": "no"}', "ticket has expired or was used"),
        (409, b'{"code": "used", "message": "Another torrent."}', "127.0.0.1 says: Another torr"),
        (422, b'{"code": "bad", "message": "The name is bad."}', "The name is bad"),
        (500, b"<html>", "error 500"),
        (200, b"[]", "something else than the result"),
        (200, b'{"info_hash": 3}', "something else than the result"),
    ],
)
def test_a_refusal_is_a_sentence(site: SiteDouble, status: int, body: bytes, sentence: str) -> None:
    site.answer(API, body, status)
    with pytest.raises(SiteError, match=sentence):
        upload(site.ticket(), b"de")


def test_whether_a_ticket_has_expired_is_for_the_site_to_say(site: SiteDouble) -> None:
    site.answer(API, PUBLISHED, 201)
    assert upload(replace(site.ticket(), expires_at=1), b"de").page_url == "p"


def test_extends_a_ticket(site: SiteDouble) -> None:
    site.answer("/api/v1/tickets/extend", b'{"expires_at": 2000000777}')
    assert extend(site.ticket()) == 2_000_000_777


@pytest.mark.parametrize(
    ("body", "is_there"),
    [
        (b'{"info_hash": "ab", "site_copy": "here", "more": 1}', True),
        (b'{"info_hash": "ab", "site_copy": "coming"}', False),
        (b'{"info_hash": "ab", "site_copy": "none"}', False),
        (b"<html>Sign in to this network", False),
        (b"[]", False),
    ],
)
def test_whether_the_site_has_its_own_copy(site: SiteDouble, body: bytes, is_there: bool) -> None:
    site.answer(f"{API}/{'ab' * 20}", body)
    assert has_site_copy(site.ticket().upload_url, b"\xab" * 20) is is_there


def test_an_answer_that_is_too_large_is_cut_off(site: SiteDouble) -> None:
    site.answer("/song.torrent", b"x" * 1001)
    with pytest.raises(SiteError, match="too much"):
        fetch(f"{site.url}/song.torrent", 1000)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://127.0.0.1:1/x", "cannot be reached"),
        ("ftp://example.org/x", "not a web address"),
        ("http://", "not a web address"),
        ("http://[bad/x", "not a web address"),
    ],
)
def test_an_address_that_does_not_work_is_a_sentence(url: str, sentence: str) -> None:
    with pytest.raises(SiteError, match=sentence):
        fetch(url, 1000)


def test_says_why_there_is_nothing(site: SiteDouble) -> None:
    with pytest.raises(SiteError, match="nothing at this address"):
        fetch(f"{site.url}/gone", 1000)


@pytest.mark.parametrize(
    ("url", "is_here"),
    [
        ("http://localhost:8000/", True),
        ("http://127.9.0.1/", True),
        ("http://[::1]:80/", True),
        ("http://192.0.2.1/", False),
        ("http://localhost.example.org/", False),
    ],
)
def test_knows_this_computer(url: str, is_here: bool) -> None:
    assert is_loopback(url) is is_here


def test_warns_when_others_can_read_the_ticket(site: SiteDouble) -> None:
    here = site.ticket()
    assert warning_for(here) is None
    far = replace(here, upload_url="http://example.org/api/v1/torrents")
    assert "example.org uses http" in (warning_for(far) or "")
    assert warning_for(replace(far, upload_url="https://example.org/x")) is None
