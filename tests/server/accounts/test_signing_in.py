"""Signing in and out, second factors, and what stops those who guess."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client

from server.accounts.models import User
from server.accounts.roles import ADMINS, MODERATORS, PUBLISHERS, give_role, make_roles
from server.site.models import Site
from tests.server import factories

pytestmark = pytest.mark.django_db

BOB = {"login": "bob", "password": "open sesame 42"}


@pytest.fixture(autouse=True)
def _site() -> None:
    cache.clear()
    factories.site(address="http://testserver")


def test_signs_in_and_goes_where_the_visitor_wanted(client: Client) -> None:
    factories.visitor()
    response = client.post("/accounts/login/", {**BOB, "next": "/upload/"})
    assert response["Location"] == "/upload/"


@pytest.mark.parametrize(
    "there", ["//evil.example", "https:evil", "javascript:alert(1)", "/\\evil"]
)
def test_leads_to_pages_of_this_site_only(client: Client, there: str) -> None:
    factories.visitor()
    assert client.post("/accounts/login/", {**BOB, "next": there})["Location"] == "/"


def test_says_the_same_of_unknown_names_and_wrong_passwords(client: Client) -> None:
    factories.visitor()
    wrong = client.post("/accounts/login/", {**BOB, "password": "wrong"})
    unknown = client.post("/accounts/login/", {**BOB, "login": "charlie"})
    assert wrong.context["form"].errors == unknown.context["form"].errors


def test_locks_a_name_after_five_wrong_passwords_wherever_they_come_from(client: Client) -> None:
    factories.visitor()
    for number in range(5):
        address = f"10.0.0.{number}"
        client.post("/accounts/login/", {**BOB, "password": "wrong"}, REMOTE_ADDR=address)
    locked = Client().post("/accounts/login/", BOB, REMOTE_ADDR="10.0.0.9")
    assert "Location" not in locked
    assert "too many" in locked.content.decode().lower()


def test_a_forged_header_moves_no_limit(client: Client) -> None:
    for number in range(11):
        answer = client.post(
            "/accounts/login/",
            {"login": f"somebody{number}", "password": "wrong"},
            headers={"x-forwarded-for": f"10.0.0.{number}"},
            REMOTE_ADDR="192.0.2.1",
        )
    assert "too many" in answer.content.decode().lower()


@pytest.mark.parametrize("path", ["/accounts/login/", "/nothing"])
def test_pages_carry_the_name_of_the_site(client: Client, path: str) -> None:
    assert "<strong>Films</strong>" in client.get(path).content.decode()


def test_signs_out_by_post_only(client: Client) -> None:
    client.force_login(factories.visitor())
    client.get("/accounts/logout/")
    assert "_auth_user_id" in client.session
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_a_foreign_page_cannot_sign_anybody_out() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.visitor())
    assert client.post("/accounts/logout/").status_code == 403


def test_whoever_has_an_authenticator_app_needs_its_code(client: Client) -> None:
    bob = factories.visitor()
    secret = TOTP.activate(bob, "JBSWY3DPEHPK3PXP").instance.data["secret"]
    assert secret
    assert client.post("/accounts/login/", BOB)["Location"] == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in client.session
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    code = code_now("JBSWY3DPEHPK3PXP")
    assert client.post("/accounts/2fa/authenticate/", {"code": code})["Location"] == "/"
    assert "_auth_user_id" in client.session


def code_now(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def test_the_admin_has_the_same_door_as_the_site(client: Client) -> None:
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/")


def test_the_site_can_want_a_second_factor_of_its_staff(client: Client) -> None:
    admin = User.objects.create_superuser("anna")
    client.force_login(admin)
    assert client.get("/admin/").status_code == 200
    Site.objects.update(staff_need_second_factor=True)
    assert client.get("/admin/")["Location"] == "/accounts/2fa/"
    TOTP.activate(admin, "JBSWY3DPEHPK3PXP")
    assert Authenticator.objects.filter(user=admin).exists()
    assert client.get("/admin/").status_code == 200


def test_a_disabled_person_is_out_at_once(client: Client) -> None:
    bob = factories.visitor()
    client.force_login(bob)
    User.objects.update(is_active=False)
    assert client.get("/accounts/")["Location"].startswith("/accounts/login/")


def test_without_mail_says_whom_to_ask_for_a_new_password(client: Client) -> None:
    assert "sends no mail" in client.get("/accounts/password/reset/").content.decode()


def test_roles_open_what_belongs_to_them() -> None:
    make_roles()
    alice = factories.publisher()
    make_roles()
    assert alice.groups.get().name == PUBLISHERS
    assert alice.has_perm("publishing.add_ticket")
    assert not factories.visitor().has_perm("publishing.add_ticket")
    for role, deed in ((MODERATORS, "site.change_site"), (ADMINS, "nothing.at_all")):
        person = factories.visitor(role)
        give_role(person, role)
        person = User.objects.get(pk=person.pk)
        assert person.is_staff
        assert person.has_perm("catalog.change_release")
        assert not person.has_perm(deed)


@pytest.mark.parametrize(
    "path",
    [
        *("accounts/user/", "accounts/invitation/", "admin/logentry/", "site/site/1/change/"),
        *("catalog/release/", "catalog/category/", "publishing/ticket/", "tracker/trackedtorrent/"),
    ],
)
def test_the_admin_pages_work_with_hostile_titles(admin_client: Client, path: str) -> None:
    factories.release("<script>alert(1)</script>{{7*7}}")
    page = admin_client.get(f"/admin/{path}")
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()
