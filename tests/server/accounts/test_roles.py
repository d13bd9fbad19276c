"""What the groups may do, today and after an upgrade, and what nobody becomes through them."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.test import Client

from server.accounts.models import Role, User
from server.accounts.roles import ADMINS, MODERATORS, give_role, make_roles
from tests.server import factories

pytestmark = pytest.mark.django_db

DATES = {"last_login_0": "", "last_login_1": "", "date_joined_0": "2026-05-01"} | {
    "date_joined_1": "12:00:00"
}


def test_a_group_gets_what_is_new_and_not_again_what_was_taken_from_it() -> None:
    make_roles()
    group = Group.objects.get(name=MODERATORS)
    before = group.permissions.count()
    taken, new = group.permissions.all()[:2]
    group.permissions.remove(taken, new)
    Role.objects.get(group=group).given.remove(new)
    make_roles()
    assert group.permissions.count() == before - 1
    assert taken not in group.permissions.all()


@pytest.fixture
def adam(client: Client) -> User:
    """An admin who is no superuser, signed in."""
    factories.site(address="http://testserver")
    make_roles()
    found = factories.visitor("adam")
    give_role(found, ADMINS)
    found = User.objects.get(pk=found.pk)
    client.force_login(found)
    return found


def test_an_admin_does_not_become_a_superuser(client: Client, adam: User) -> None:
    page = f"/admin/accounts/user/{adam.pk}/change/"
    client.post(page, {"username": "adam2", "is_superuser": "on", **DATES})
    assert User.objects.get(username="adam2").is_superuser is False


def test_an_admin_does_not_touch_a_superuser(client: Client, adam: User) -> None:
    anna = User.objects.create_superuser("anna")
    page = f"/admin/accounts/user/{anna.pk}"
    assert client.post(f"{page}/password/").status_code == 403
    assert client.post(f"{page}/delete/").status_code == 403
    client.post("/admin/accounts/user/", {"action": "disable", "_selected_action": [str(anna.pk)]})
    assert User.objects.get(pk=anna.pk).is_active


def test_an_admin_helps_who_lost_a_second_factor_and_sees_no_secret(
    client: Client, adam: User
) -> None:
    bob, anna = factories.visitor("bob"), User.objects.create_superuser("anna")
    for user in (bob, anna):
        TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    page = client.get(f"/admin/accounts/user/{bob.pk}/change/").content.decode()
    assert "TOTP" in page
    assert "JBSWY3DPEHPK3PXP" not in page
    chosen = {"action": "forget_second_factor", "_selected_action": [str(bob.pk), str(anna.pk)]}
    client.post("/admin/accounts/user/", chosen)
    assert not is_mfa_enabled(bob)
    assert is_mfa_enabled(anna)
    client.force_login(anna)
    assert client.get("/admin/mfa/authenticator/").status_code == 404


def test_whoever_did_something_here_is_disabled_and_not_deleted(client: Client, adam: User) -> None:
    bob = factories.visitor("bob")
    page = f"/admin/accounts/user/{bob.pk}"
    LogEntry.objects.create(user=bob, action_flag=CHANGE)
    assert client.post(f"{page}/delete/", {"post": "yes"}).status_code == 403
    assert "cannot be deleted" in client.get(f"{page}/change/").content.decode()


def test_an_admin_makes_an_account_with_a_password(client: Client, adam: User) -> None:
    password = "a long way to Tipperary"
    given = {"username": "eve", "password1": password, "password2": password}
    assert client.post("/admin/accounts/user/add/", given).status_code == 302
    assert Client().login(username="eve", password=password)
