"""`manage.py demo`: three small sample releases that really download, on a site that runs.

Reads the signals and says what happens; what happens is in `server.running.demonstrating`.
"""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from server.running.data_folder import RunningCopy
from server.running.demonstrating import (
    Demo,
    DemoError,
    account,
    samples_folder,
    where_it_opens,
)
from server.running.samples import SAMPLES
from server.running.stopping import told_to_stop
from server.site.models import Site


class Command(BaseCommand):
    """Publishes the samples with the real client and shares them until Ctrl-C."""

    help = "Publish three small sample releases and share them until Ctrl-C."
    requires_system_checks = []

    def handle(self, *args: object, **options: object) -> None:
        """Publish, say where, share."""
        copy = RunningCopy.read(settings.DATA_DIR)
        if copy is None:
            raise CommandError(
                f"No site is running with the data folder {settings.DATA_DIR}. Start one with "
                "'python manage.py serve' (or 'make run') and run the demo in a second terminal."
            )
        try:
            self._demonstrate(copy)
        except DemoError as error:
            raise CommandError(str(error)) from error

    def _demonstrate(self, copy: RunningCopy) -> None:
        stop = told_to_stop()
        publisher = account(copy)
        if publisher.password is not None:
            self._say(f"Made the admin '{publisher.user}', password {publisher.password}")
        demo = Demo(samples_folder(), publisher.user)
        try:
            for number, sample in enumerate(SAMPLES, 1):
                if stop.is_set():
                    return
                release = demo.share(number, sample)
                address = Site.objects.current().url(release.get_absolute_url())
                self._say(f"{release.title}: {address}")
            hint = where_it_opens(Site.objects.current(), copy.web_port)
            if hint is not None:
                self._say(hint)
            self._say("The samples are shared until Ctrl-C.")
            demo.keep_until(stop.is_set)
        finally:
            demo.end()

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
