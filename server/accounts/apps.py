"""The Django app `accounts`: who may do what, and how the first admin comes to be."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Registers the app under the label `accounts`."""

    name = "server.accounts"
    label = "accounts"
    verbose_name = _("People")
