"""The Django app `site`: what the site is called and where it can be reached."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    """Registers the app under the label `site` and wakes Celery's app."""

    name = "server.site"
    label = "site"
    verbose_name = _("This site")

    def ready(self) -> None:
        """Load Celery's app here: in `server/__init__` it would load with the tracker's core."""
        from server import celery

        assert celery.app
