"""Setting the site up: its name, its address and its first admin come into being together."""

from django.db import IntegrityError, transaction

from server.site.models import Site

from . import setup_code
from .models import User
from .roles import make_roles


class AlreadySetUp(Exception):  # noqa: N818 - not a fault: somebody else was faster
    """Somebody has claimed this site."""


def set_up(*, site_name: str, address: str, user_name: str, password: str) -> User:
    """Claim the site and return its first admin; raises `AlreadySetUp`.

    The row of the site decides who was first, so it is written before anything else.
    """
    with transaction.atomic():
        _claim(site_name, address)
        make_roles()
        admin = User.objects.create_superuser(username=user_name, password=password)
    setup_code.forget()
    return admin


def _claim(site_name: str, address: str) -> None:
    try:
        with transaction.atomic():
            Site.objects.create(pk=Site.ONLY, name=site_name, saved_address=address)
            Site.objects.take_settings()
    except IntegrityError as error:
        raise AlreadySetUp from error
