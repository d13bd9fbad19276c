"""The Django app `feeds`: what the site tells others."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedsConfig(AppConfig):
    """Registers the app under the label `feeds`."""

    name = "server.feeds"
    label = "feeds"
    verbose_name = _("Telling others")
