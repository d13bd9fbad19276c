"""The admin's front page lists the programs that visitors get, for those who run the site."""

from pathlib import Path

import pytest
from django.test import Client

from installer.bundle.template import newest
from server.accounts.models import User
from server.accounts.roles import MODERATORS, give_role, make_roles
from tests.server import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site() -> None:
    factories.site(address="http://testserver")


def front_page(client: Client, user: User) -> str:
    client.force_login(user)
    return client.get("/admin/").content.decode()


def test_lists_programs_and_says_which_are_none(client: Client, programs: Path) -> None:
    factories.program(programs, "windows")
    broken = factories.program(programs, "linux")
    broken.write_bytes(b"cut off")
    admin = User.objects.create_superuser("root", password="x")
    page = front_page(client, admin)
    windows = newest(programs, "windows")
    assert windows is not None
    assert windows.sha256 in page.replace("<wbr>", "")
    assert broken.name in page


def test_says_how_to_make_one(client: Client, programs: Path) -> None:
    programs.mkdir(exist_ok=True)
    admin = User.objects.create_superuser("root", password="x")
    assert "make client-windows" in front_page(client, admin)


def test_moderators_do_not_see_them(client: Client, programs: Path) -> None:
    factories.program(programs, "windows")
    moderator = User.objects.create_user("mo", is_staff=True)
    make_roles()
    give_role(moderator, MODERATORS)
    assert "SHA-256" not in front_page(client, moderator)
