"""The Django app `catalog`: what the site offers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    """Registers the app under the label `catalog`."""

    name = "server.catalog"
    label = "catalog"
    verbose_name = _("Releases")
