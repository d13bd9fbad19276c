"""Copies in the admin: what is there, and the two decisions about them."""

import pytest
from django.test import Client

from server.accounts.models import User
from server.catalog.models import Release, SiteCopy
from server.seeding.models import Copy
from tests.server import factories
from tests.server.factories import NOON

pytestmark = pytest.mark.django_db

LIST = "/admin/seeding/copy/"


@pytest.fixture
def copy() -> Copy:
    factories.site()
    return Copy.objects.create(
        release=factories.release(),
        state="here",
        done_bytes=9,
        given_bytes=2048,
        progressed_at=NOON,
    )


@pytest.fixture
def anna(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("anna"))
    client.defaults["HTTP_HOST"] = "films.example"
    return client


def test_shows_how_they_are(anna: Client, copy: Copy) -> None:
    page = anna.get(LIST).content.decode().replace("\xa0", " ")
    for text in ("Night of the Living Dead", "complete", "2.0 KB"):
        assert text in page
    assert anna.get(f"{LIST}{copy.pk}/change/").status_code == 200


def test_a_copy_can_be_given_up_and_kept_after_all(anna: Client, copy: Copy) -> None:
    for action, state, shown in (
        ("give_up", Copy.State.UNWANTED, SiteCopy.NONE),
        ("keep", Copy.State.COMING, SiteCopy.COMING),
    ):
        anna.post(LIST, {"action": action, "_selected_action": [copy.pk]})
        copy.refresh_from_db()
        assert (copy.state, Release.objects.get().site_copy) == (state, shown)
