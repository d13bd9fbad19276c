"""Making an account: closed, by invitation, or open with approval."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from server.accounts import adapter
from server.accounts.models import Invitation, User
from server.accounts.roles import make_roles
from server.site.models import SignUp, Site
from tests.server import factories

pytestmark = pytest.mark.django_db

DORA = {"username": "dora", "password1": "a long way 2 go", "password2": "a long way 2 go"}


@pytest.fixture(autouse=True)
def _site() -> None:
    cache.clear()
    factories.site(address="http://testserver")
    make_roles()


def sign_up(client: Client) -> User | None:
    client.post("/accounts/signup/", DORA)
    return User.objects.filter(username="dora").first()


@pytest.mark.parametrize("mode", [SignUp.CLOSED, SignUp.INVITATION])
def test_is_closed_to_strangers(client: Client, mode: str) -> None:
    Site.objects.update(sign_up=mode)
    assert sign_up(client) is None


def test_an_invitation_makes_one_publisher(client: Client) -> None:
    invitation = Invitation.objects.create(note="Dora")
    assert client.get(invitation.path)["Location"] == "/accounts/signup/"
    assert client.post("/accounts/signup/", DORA)["Location"] == "/upload/"
    dora = User.objects.get(username="dora")
    assert dora.has_perm("publishing.add_ticket")
    assert Invitation.objects.get().used_by == dora
    assert Client().get(invitation.path).status_code == 410


def test_an_invitation_is_used_up_even_when_the_account_is_gone(client: Client) -> None:
    invitation = Invitation.objects.create(note="Dora")
    client.get(invitation.path)
    sign_up(client)
    User.objects.all().delete()
    assert Client().get(invitation.path).status_code == 410


def test_of_two_who_accept_at_once_the_second_gets_no_account(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    invitation = Invitation.objects.create(note="Dora")
    client.get(invitation.path)
    invitation.claim(timezone.now())
    # As found by a request that looked before the first one had finished.
    monkeypatch.setattr(adapter, "invitation_of", lambda _request: invitation)
    assert sign_up(client) is None


def test_no_other_link_invites(client: Client) -> None:
    invitation = Invitation.objects.create(note="Dora")
    assert client.get(invitation.path.replace("/invitation/", "/invitation/9")).status_code in {
        404,
        410,
    }
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(invitation.path).status_code == 410


def test_whoever_signs_up_waits_until_an_admin_approves(client: Client) -> None:
    Site.objects.update(sign_up=SignUp.APPROVAL)
    dora = sign_up(client)
    assert dora is not None
    assert dora.is_waiting
    assert not dora.has_perm("publishing.add_ticket")
    assert "approved" in client.get("/accounts/").content.decode()
    anna = Client()
    anna.force_login(User.objects.create_superuser("anna"))
    anna.post(
        "/admin/accounts/user/", {"action": "let_publish", "_selected_action": [str(dora.pk)]}
    )
    dora = User.objects.get(username="dora")
    assert dora.has_perm("publishing.add_ticket")
    assert not dora.is_waiting
