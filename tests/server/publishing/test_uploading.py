"""The upload page, and tickets as files, programs and commands."""

import re
import stat
from datetime import timedelta
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from installer.formats import ticket as ticket_format
from installer.formats.payload import Publish
from server.accounts.models import User
from server.catalog.models import Release
from server.publishing.models import Ticket
from server.publishing.services import delete_long_expired, issue_ticket
from server.site.models import Site
from server.site.streaming import Streams
from tests.installer.examples import carried
from tests.server import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("programs")]

LINUX = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"}


@pytest.fixture(autouse=True)
def _site() -> None:
    factories.site("Films & more", address="http://testserver")


@pytest.fixture
def alice(client: Client) -> None:
    client.force_login(factories.publisher("alice"))


def main_action(client: Client) -> str:
    page = client.get("/upload/", headers=LINUX).content.decode().split("<main")[1]
    return page.split('action="')[1].split('"')[0]


def test_asks_to_sign_in_first(client: Client) -> None:
    assert client.get("/upload/")["Location"] == "/accounts/login/?next=/upload/"


def test_tells_those_who_may_not_publish_what_to_do(client: Client) -> None:
    client.force_login(factories.visitor())
    response = client.get("/upload/")
    assert response.status_code == 403
    assert "group Publishers" in response.content.decode()
    assert client.post("/upload/ticket/").status_code == 403
    assert not Ticket.objects.exists()


@pytest.mark.usefixtures("alice")
def test_says_how_long_the_program_has_to_run(client: Client) -> None:
    assert "until “My releases” says that it has one" in client.get("/upload/").content.decode()
    Site.objects.update(copies_gb=0)
    assert "until others have the files" in client.get("/upload/").content.decode()


@pytest.mark.usefixtures("alice")
def test_gives_the_program_first_and_the_ticket_to_whoever_has_the_program(
    client: Client, programs: Path
) -> None:
    assert main_action(client) == "/upload/ticket/"
    factories.program(programs)
    assert main_action(client) == "/upload/easy/linux/"
    client.cookies["passalong_client"] = "1"
    assert main_action(client) == "/upload/ticket/"
    assert "/upload/easy/linux/" in client.get("/upload/").content.decode()


@pytest.mark.usefixtures("alice")
def test_a_ticket_is_a_file_that_nobody_keeps(client: Client) -> None:
    response = client.post("/upload/ticket/")
    values = ticket_format.read(response.content)
    assert values.upload_url == "http://testserver/api/v1/torrents"
    assert (values.site_name, values.user_name) == ("Films & more", "alice")
    assert response["Content-Type"] == "application/x-passalong"
    assert response["Content-Disposition"] == (
        'attachment; filename="upload-to-films-more.passalong"'
    )
    assert response["Cache-Control"] == "no-store"
    assert Ticket.objects.count() == 1


def test_no_ticket_is_too_narrow_for_a_user_name() -> None:
    letters = "".join(filter(re.compile(r"[\w.@+-]").fullmatch, map(chr, range(0x110000))))
    User.username_validator(letters)
    assert letters.isprintable()


@pytest.mark.usefixtures("alice")
def test_the_program_carries_a_ticket(client: Client, programs: Path, tmp_path: Path) -> None:
    factories.program(programs, "windows")
    response = client.post("/upload/easy/windows/", headers={"range": "bytes=0-1"})
    (tmp_path / "got").write_bytes(response.getvalue())
    assert isinstance(carried(tmp_path / "got"), Publish)
    assert response["Cache-Control"] == "no-store"
    assert "ETag" not in response
    assert response["Content-Disposition"] == 'attachment; filename="Upload-to-Films-more.exe"'


@pytest.mark.usefixtures("alice")
def test_without_a_program_says_so_and_issues_nothing(client: Client) -> None:
    page = client.post("/upload/easy/macos/")
    assert page.status_code == 200
    assert "There is no program for macOS" in page.content.decode()
    assert not Ticket.objects.exists()
    assert client.post("/upload/easy/amiga/").status_code == 404


@pytest.mark.usefixtures("alice")
def test_when_too_many_programs_are_on_their_way_the_page_says_so(
    client: Client, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.program(programs)
    monkeypatch.setattr("server.site.sending.streams", Streams(0))
    page = client.post("/upload/easy/linux/")
    assert (page.status_code, page["Retry-After"]) == (503, "60")
    assert "try again in a minute" in page.content.decode()


@pytest.mark.usefixtures("alice")
@pytest.mark.parametrize(
    ("agent", "has_client", "button"),
    [
        ("Windows", False, "/upload/easy/windows/"),
        ("Windows", True, "/upload/ticket/"),
        ("Mac OS X", False, "/upload/torrent/"),
        ("iPhone", False, "mailto:"),
    ],
)
def test_the_big_button_does_what_this_computer_can(
    client: Client, programs: Path, agent: str, has_client: bool, button: str
) -> None:
    factories.program(programs, "windows")
    if has_client:
        client.cookies["passalong_client"] = "1"
    page = client.get("/upload/", headers={"user-agent": agent}).content.decode()
    panel = page[page.index('<section class="panel"') : page.index("</section>")]
    assert f'"{button}' in panel


@pytest.mark.parametrize("path", ["/upload/ticket/", "/upload/easy/linux/"])
def test_tickets_are_issued_by_a_button_only(client: Client, path: str) -> None:
    client.force_login(factories.publisher())
    assert client.get(path)["Location"] == "/upload/"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(factories.visitor())
    assert strict.post(path).status_code == 403
    assert not Ticket.objects.exists()


def test_forgets_tickets_a_week_after_they_expired() -> None:
    alice, now = factories.publisher(), timezone.now()
    issue_ticket(alice, now)
    issue_ticket(alice, now - timedelta(days=7, minutes=16))
    assert delete_long_expired(now) == 1
    assert delete_long_expired(now) == 0


def test_a_ticket_from_the_command_line_is_for_its_owner_only(tmp_path: Path) -> None:
    factories.publisher("alice")
    path = tmp_path / "ticket"
    path.touch(0o644)
    call_command("ticket", "alice", output=str(path))
    assert ticket_format.read(path.read_bytes()).user_name == "alice"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_ticket_on_standard_output() -> None:
    factories.publisher("alice")
    out = TextIOWrapper(BytesIO())
    call_command("ticket", "alice", output="-", stdout=out)
    assert ticket_format.read(out.buffer.getvalue()).user_name == "alice"  # type: ignore[attr-defined]


@pytest.mark.parametrize("user", ["bob", "nobody"])
def test_no_ticket_for_those_who_may_not_publish(user: str) -> None:
    factories.visitor("bob")
    with pytest.raises(CommandError, match=user):
        call_command("ticket", user, output="-")


def test_publishes_from_the_command_line(tmp_path: Path) -> None:
    factories.publisher("alice")
    (tmp_path / "film.torrent").write_bytes(factories.torrent())
    out = StringIO()
    call_command("publish", str(tmp_path / "film.torrent"), user="alice", title="Film", stdout=out)
    assert out.getvalue().strip() == f"http://testserver{Release.objects.get().get_absolute_url()}"


@pytest.mark.parametrize("content", [None, b"no torrent"])
def test_says_what_is_wrong_with_a_file(tmp_path: Path, content: bytes | None) -> None:
    factories.publisher("alice")
    path = tmp_path / "film.torrent"
    if content:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=r"\.$"):
        call_command("publish", str(path), user="alice")
