"""Signing in and out, and one's password."""

import pytest
from django.test import Client

from server.accounts.roles import PUBLISHERS, make_roles
from tests.server import factories

pytestmark = pytest.mark.django_db

BOB = {"username": "bob", "password": "open sesame 42"}


@pytest.fixture(autouse=True)
def _site() -> None:
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
    unknown = client.post("/accounts/login/", {**BOB, "username": "charlie"})
    assert wrong.context["form"].errors == unknown.context["form"].errors


@pytest.mark.parametrize("path", ["/accounts/login/", "/nothing"])
def test_pages_carry_the_name_of_the_site(client: Client, path: str) -> None:
    assert "<strong>Films</strong>" in client.get(path).content.decode()


def test_signs_out_by_post_only(client: Client) -> None:
    client.force_login(factories.visitor())
    assert client.get("/accounts/logout/").status_code == 405
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_a_foreign_page_cannot_sign_anybody_out() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.visitor())
    assert client.post("/accounts/logout/").status_code == 403


def test_changes_the_password(client: Client) -> None:
    bob = factories.visitor()
    client.force_login(bob)
    new = "a much better one 9"
    given = {"old_password": "open sesame 42", "new_password1": new, "new_password2": new}
    assert client.post("/accounts/password/", given)["Location"] == "/"
    bob.refresh_from_db()
    assert bob.check_password(new)


def test_publishers_may_publish_and_making_the_roles_twice_changes_nothing() -> None:
    make_roles()
    alice = factories.publisher()
    make_roles()
    assert alice.groups.get().name == PUBLISHERS
    assert alice.has_perm("publishing.add_ticket")
    assert not factories.visitor().has_perm("publishing.add_ticket")


@pytest.mark.parametrize("path", ["accounts/user/", "catalog/release/", "publishing/ticket/"])
def test_the_admin_lists_work_with_hostile_titles(admin_client: Client, path: str) -> None:
    factories.release("<script>alert(1)</script>{{7*7}}")
    page = admin_client.get(f"/admin/{path}")
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()
