"""The Django app `accounts`: who may do what, and how the first admin comes to be."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the app under the label `accounts`."""

    name = "server.accounts"
    label = "accounts"
