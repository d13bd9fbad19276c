"""Publishing with a ticket over the API."""

import gzip
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from installer.formats.ticket import Ticket as TicketFile
from server.accounts.models import User
from server.catalog.models import Category, Release, SiteCopy, TorrentFile
from server.catalog.services import remove, set_hidden, set_site_copy
from server.publishing.models import Ticket
from server.publishing.services import issue_ticket
from server.tracker.models import TrackedTorrent
from tests.server import factories

pytestmark = pytest.mark.django_db

URL = "/api/v1/torrents"


@pytest.fixture(autouse=True)
def _site() -> None:
    factories.site(address="http://testserver")


@pytest.fixture
def alice() -> User:
    return factories.publisher("alice")


@pytest.fixture
def ticket(alice: User) -> TicketFile:
    return issue_ticket(alice, timezone.now())[1]


def upload(
    client: Client,
    ticket: TicketFile | str,
    torrent: bytes | None = None,
    query: str = "",
    content_type: str = "application/x-bittorrent",
    **headers: str,
) -> Any:
    token = ticket if isinstance(ticket, str) else ticket.token_text
    return client.post(
        URL + query,
        factories.torrent() if torrent is None else torrent,
        content_type=content_type,
        headers={"authorization": f"Bearer {token}", **headers},
        CONTENT_TYPE=content_type,  # Django's client leaves it out when the body is empty.
        CONTENT_LENGTH=str(len(factories.torrent() if torrent is None else torrent)),
    )


def problem(response: Any, status: int) -> str:
    assert response.status_code == status, response.content
    assert set(response.json()) - {"field"} == {"code", "message"}
    return str(response.json()["message"])


def test_publishes(client: Client, ticket: TicketFile) -> None:
    response = upload(client, ticket, query="?title=A+film&description=Old%0b%0aand+good")
    assert response.status_code == 201
    release = Release.objects.get()
    assert response.json() == {
        "info_hash": release.info_hash,
        "page_url": f"http://testserver{release.get_absolute_url()}",
        "torrent_url": f"http://testserver{release.torrent_path}",
    }
    assert (release.title, release.description) == ("A film", "Old\nand good")
    assert TrackedTorrent.objects.get().is_welcome


def test_the_same_torrent_again_gets_the_same_answer(client: Client, ticket: TicketFile) -> None:
    first, again = upload(client, ticket), upload(client, ticket)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


def test_another_torrent_needs_another_ticket(client: Client, ticket: TicketFile) -> None:
    upload(client, ticket)
    problem(upload(client, ticket, factories.torrent("other.iso")), 409)
    assert Release.objects.count() == 1


def test_a_release_that_was_taken_away_is_not_called_something_else(
    client: Client, ticket: TicketFile
) -> None:
    upload(client, ticket)
    remove(Release.objects.get())
    response = upload(client, ticket)
    assert "taken away" in problem(response, 409)
    assert response.json()["code"] == "release_removed"


def test_the_same_torrent_by_the_same_publisher_with_another_ticket(
    client: Client, alice: User, ticket: TicketFile
) -> None:
    first = upload(client, ticket)
    again = upload(client, issue_ticket(alice, timezone.now())[1])
    assert again.status_code == 200
    assert again.json() == first.json()


def test_the_same_torrent_by_somebody_else(client: Client, ticket: TicketFile) -> None:
    upload(client, ticket)
    theirs = issue_ticket(factories.publisher("dora"), timezone.now())[1]
    problem(upload(client, theirs), 409)
    assert Ticket.objects.usable(timezone.now()).count() == 1


def test_unknown_expired_and_revoked_tickets_look_the_same(client: Client, alice: User) -> None:
    now = timezone.now()
    expired = issue_ticket(alice, now - timedelta(minutes=15, seconds=1))[1]
    row, revoked = issue_ticket(alice, now)
    Ticket.objects.filter(pk=row.pk).update(revoked_at=now)
    answers = [upload(client, each) for each in ("A" * 43, "x", "", "é", expired, revoked)]
    answers.append(client.post(URL, b"", content_type="application/x-bittorrent"))
    assert {each.status_code for each in answers} == {401}
    assert len({each.content for each in answers}) == 1


def test_a_token_in_the_address_is_ignored(client: Client, ticket: TicketFile) -> None:
    response = client.post(
        f"{URL}?token={ticket.token_text}&authorization=Bearer+{ticket.token_text}",
        factories.torrent(),
        content_type="application/x-bittorrent",
    )
    problem(response, 401)


def test_a_signed_in_browser_is_no_ticket(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    response = client.post(URL, factories.torrent(), content_type="application/x-bittorrent")
    problem(response, 401)


@pytest.mark.parametrize("change", ["disabled", "no publisher any more"])
def test_who_lost_the_right_is_told_so(
    client: Client, alice: User, ticket: TicketFile, change: str
) -> None:
    if change == "disabled":
        User.objects.update(is_active=False)
    else:
        alice.groups.clear()
    problem(upload(client, ticket), 403)


def test_only_the_hash_of_the_token_is_stored(alice: User) -> None:
    row, values = issue_ticket(alice, timezone.now())
    stored = str(Ticket.objects.values().get(pk=row.pk))
    assert values.token.hex() not in stored
    assert values.token_text not in stored


@pytest.mark.parametrize(
    "torrent",
    [
        b"",
        b"d",
        b"<html>not a torrent</html>",
        factories.torrent()[:-1],
        factories.torrent() + b"x",
        b"l" * 100_000,
        b"d4:infod6:lengthi-1eee",
        factories.torrent().replace(b"film.mkv", b"../a.mkv"),
        factories.torrent().replace(b"film.mkv", b"nul\x00.mkv"),
    ],
)
def test_a_torrent_that_is_none_leaves_no_trace(
    client: Client, ticket: TicketFile, torrent: bytes
) -> None:
    problem(upload(client, ticket, torrent), 422)
    assert not Release.objects.exists()
    assert not TorrentFile.objects.exists()
    assert not TrackedTorrent.objects.exists()
    assert upload(client, ticket).status_code == 201


def test_names_the_offending_file(client: Client, ticket: TicketFile) -> None:
    torrent = factories.torrent().replace(b"film.mkv", b"film?mkv")
    response = upload(client, ticket, torrent)
    assert "film?mkv" in problem(response, 422)
    assert response.json()["field"] == "film?mkv"


def test_a_torrent_that_is_too_large_is_not_read(
    client: Client, ticket: TicketFile, settings: Settings
) -> None:
    settings.TORRENT_BYTES = 1_000
    problem(upload(client, ticket, b"x" * 1_001), 413)
    problem(upload(client, ticket, b"x" * 1_000), 422)


def test_a_torrent_may_be_larger_than_a_form(client: Client, ticket: TicketFile) -> None:
    torrent = factories.folder_torrent("Many", 20_000, size_of_each=7 * factories.PIECE_LENGTH)
    assert 2_621_440 < len(torrent) < 5_000_000
    assert upload(client, ticket, torrent).status_code == 201


def test_the_length_has_to_be_said(client: Client, ticket: TicketFile) -> None:
    response = client.generic(
        "POST",
        URL,
        headers={"authorization": f"Bearer {ticket.token_text}", "transfer-encoding": "chunked"},
        **{
            "CONTENT_TYPE": "application/x-bittorrent",
            "CONTENT_LENGTH": "",
            "wsgi.input": BytesIO(b"d" * 10_000),
        },
    )
    problem(response, 411)


def test_other_kinds_of_body_are_refused(client: Client, ticket: TicketFile) -> None:
    torrent = factories.torrent()
    packed = {"content-encoding": "gzip"}
    problem(upload(client, ticket, gzip.compress(torrent), **packed), 415)
    problem(upload(client, ticket, torrent, content_type="text/html"), 415)
    problem(upload(client, ticket, torrent, content_type="multipart/form-data; boundary=x"), 415)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?title=" + "x" * 201, "title"),
        ("?description=" + "x" * 5_001, "description"),
        ("?category=nowhere", "category"),
        ("?category=%00", "category"),
    ],
)
def test_words_that_cannot_stay_are_refused(
    client: Client, ticket: TicketFile, query: str, field: str
) -> None:
    Category.objects.create(name="Films", slug="films")
    response = upload(client, ticket, query=query)
    message = problem(response, 422)
    assert response.json()["field"] == field
    assert field != "category" or "films" in message
    assert upload(client, ticket, query="?category=films").status_code == 201


def test_a_ticket_is_extended_to_at_most_a_day(client: Client, alice: User) -> None:
    now = timezone.now()
    row, fresh = issue_ticket(alice, now - timedelta(minutes=14))
    headers = {"authorization": f"Bearer {fresh.token_text}"}
    until = client.post("/api/v1/tickets/extend", headers=headers).json()["expires_at"]
    assert 0 <= until - int((now + timedelta(minutes=15)).timestamp()) < 30
    yesterday = now - timedelta(hours=23, minutes=50)
    Ticket.objects.filter(pk=row.pk).update(issued_at=yesterday)
    until = client.post("/api/v1/tickets/extend", headers=headers).json()["expires_at"]
    assert until >= int((yesterday + timedelta(hours=24)).timestamp())
    assert upload(client, fresh).status_code == 201
    problem(client.post("/api/v1/tickets/extend", headers=headers), 409)


def test_other_addresses_answer_in_json_too(client: Client) -> None:
    problem(client.get("/api/v1/nothing"), 404)


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("url", [URL, "/api/v1/tickets/extend"])
def test_other_methods_answer_in_json_too(client: Client, method: str, url: str) -> None:
    response = Client(enforce_csrf_checks=True).generic(method, url)
    problem(response, 405)
    assert response["Allow"] == "POST"


def test_anybody_may_ask_how_a_release_is(client: Client) -> None:
    release = factories.release("Night")
    set_site_copy(release, SiteCopy.COMING)
    TrackedTorrent.objects.update(complete=2, incomplete=1, downloaded=7)
    answer = client.get(f"{URL}/{release.info_hash}")
    assert answer.json() == {
        "info_hash": release.info_hash,
        "title": "Night",
        "page_url": f"http://testserver{release.get_absolute_url()}",
        "torrent_url": f"http://testserver{release.torrent_path}",
        "published_at": "2026-05-01T12:00:00Z",
        "size": release.total_size,
        "sharing": 2,
        "downloads": 7,
        "site_copy": "coming",
    }
    set_hidden(release, is_hidden=True)
    client.force_login(release.publisher)
    problem(client.get(f"{URL}/{release.info_hash}"), 404)


def test_describes_itself(client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert {*document["paths"][URL]} == {"post"}
    assert {*document["paths"][f"{URL}/{{info_hash}}"]["get"]["responses"]} == {"200", "404"}
    post = document["paths"][URL]["post"]
    assert {"200", "201", "401", "403", "409", "413", "415", "422"} <= set(post["responses"])
    assert "application/x-bittorrent" in post["requestBody"]["content"]
    assert client.get("/api/v1/docs").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_twenty_uses_at_once_make_one_release(ticket: TicketFile) -> None:
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    barrier = Barrier(20)

    def one(number: int) -> int:
        barrier.wait()
        try:
            torrent = factories.torrent(f"film {number % 4}.mkv")
            return int(upload(Client(), ticket, torrent).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(one, range(20)))
    assert statuses.count(201) == 1
    assert statuses.count(200) == 4
    assert statuses.count(409) == 15
    assert Release.objects.count() == TorrentFile.objects.count() == 1
