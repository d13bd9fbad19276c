"""The Django app `running`: how the site's programs are started, watched and ended."""

from django.apps import AppConfig
from django.core import checks

from .tethered import end_with_parent


class RunningConfig(AppConfig):
    """Registers the app under the label `running`."""

    name = "server.running"
    label = "running"

    def ready(self) -> None:
        """Register the checks, and let Celery's beat end with its worker even when that is killed.

        Beat is a process of its own.
        """
        from celery.signals import beat_embedded_init

        from .checks import check_installation

        checks.register(check_installation, deploy=True)

        beat_embedded_init.connect(lambda **_: end_with_parent(), weak=False)
