"""The Django app `seeding`: the site's own copies."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SeedingConfig(AppConfig):
    """Registers the app under the label `seeding`."""

    name = "server.seeding"
    label = "seeding"
    verbose_name = _("The site’s own copies")
