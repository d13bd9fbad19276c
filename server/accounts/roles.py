"""The groups every site starts with. An admin may add others and change these."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from .models import Role, User

PUBLISHERS = "Publishers"
MODERATORS = "Moderators"
ADMINS = "Admins"
MAY_PUBLISH = "publishing.add_ticket"

_MODERATION = (
    *("catalog.view_release", "catalog.change_release", "catalog.delete_release"),
    *("catalog.view_category", "catalog.view_report", "catalog.change_report"),
    *("publishing.add_ticket", "publishing.view_ticket", "publishing.change_ticket"),
    *(f"tracker.{deed}_blockedtorrent" for deed in ("view", "add", "change", "delete")),
    *("tracker.view_trackedtorrent", "accounts.view_user"),
)
_OUR_APPS = (
    *("accounts", "admin", "aggregator", "catalog", "feeds", "publishing", "seeding"),
    *("site", "tracker"),
)


def make_roles() -> None:
    """Make the groups that are missing, and give all of them what has come with a new version.

    Each permission is given once: what an admin took from a group stays taken.
    """
    _make(PUBLISHERS, _named([MAY_PUBLISH]))
    _make(MODERATORS, _named(_MODERATION))
    _make(ADMINS, Q(content_type__app_label__in=_OUR_APPS))


def give_role(user: User, role: str) -> None:
    """Put somebody into a group, and do what hangs on it."""
    user.groups.add(Group.objects.get(name=role))
    settle(user)


def settle(user: User) -> None:
    """Open the admin pages for admins and moderators, and nobody who may publish waits."""
    names = set(user.groups.values_list("name", flat=True))
    is_staff = user.is_superuser or bool(names & {MODERATORS, ADMINS})
    User.objects.filter(pk=user.pk).update(
        is_staff=is_staff, is_waiting=user.is_waiting and not names
    )


def _make(name: str, permissions: Q) -> None:
    group, _is_new = Group.objects.get_or_create(name=name)
    role, _is_new = Role.objects.get_or_create(group=group)
    new = Permission.objects.filter(permissions).exclude(pk__in=role.given.values("pk"))
    numbers = list(new.values_list("pk", flat=True))
    group.permissions.add(*numbers)
    role.given.add(*numbers)


def _named(names: Iterable[str]) -> Q:
    wanted = Q(pk=None)
    for name in names:
        app, codename = name.split(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    return wanted
