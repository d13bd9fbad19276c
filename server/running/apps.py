"""The Django app `running`: how the site's programs are started, watched and ended."""

from django.apps import AppConfig

from .tethered import end_with_parent


class RunningConfig(AppConfig):
    """Registers the app under the label `running`."""

    name = "server.running"
    label = "running"

    def ready(self) -> None:
        """Let Celery's beat, a process of its own, end with its worker even when that is killed."""
        from celery.signals import beat_embedded_init

        beat_embedded_init.connect(lambda **_: end_with_parent(), weak=False)
