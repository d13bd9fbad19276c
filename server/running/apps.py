"""The Django app `running`: how the site's programs are started, watched and ended."""

from django.apps import AppConfig
from django.core import checks


class RunningConfig(AppConfig):
    """Registers the app under the label `running`."""

    name = "server.running"
    label = "running"

    def ready(self) -> None:
        """Register the checks, and let Celery's worker and beat end together."""
        from .beating import keep_together
        from .checks import check_installation

        checks.register(check_installation, deploy=True)
        keep_together()
