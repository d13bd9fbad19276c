"""The Django app `publishing`: upload tickets, and how torrents come in with them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    """Registers the app under the label `publishing`."""

    name = "server.publishing"
    label = "publishing"
    verbose_name = _("Uploads")
