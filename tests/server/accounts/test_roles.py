"""What the groups may do, today and after an upgrade, and what nobody becomes through them."""

import pytest
from django.contrib.auth.models import Group

from server.accounts.models import Role
from server.accounts.roles import MODERATORS, make_roles

pytestmark = pytest.mark.django_db


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
