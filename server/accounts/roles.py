"""The groups every site starts with. An admin may add others and change these."""

from django.contrib.auth.models import Group, Permission

PUBLISHERS = "Publishers"
MAY_PUBLISH = "publishing.add_ticket"


def make_roles() -> None:
    """Make the groups that are missing; what an admin made of those that exist is left alone."""
    publishers, is_new = Group.objects.get_or_create(name=PUBLISHERS)
    if is_new:
        app, codename = MAY_PUBLISH.split(".")
        publishers.permissions.set(
            Permission.objects.filter(content_type__app_label=app, codename=codename)
        )
