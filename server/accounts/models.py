"""The people who sign in. What they may do hangs on their groups, see `roles`."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Django's user under our own name, so that fields can be added without moving a table."""
