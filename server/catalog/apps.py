"""The Django app `catalog`: what the site offers."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Registers the app under the label `catalog`."""

    name = "server.catalog"
    label = "catalog"
