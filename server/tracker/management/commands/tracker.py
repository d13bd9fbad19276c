"""`manage.py tracker`: the tracker alone, as `manage.py serve` starts it too."""

import argparse

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from server.tracker.serving.program import Wishes, run
from server.tracker.serving.sockets import listen, raise_connection_limit


class Command(BaseCommand):
    """Listens first, so that a port in use is a sentence and not a traceback."""

    requires_system_checks = []  # nearly all are about pages, which the tracker does not have
    help = "Answers announces and scrapes for the torrents of this site."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default="", help="address to listen on; default: all")
        parser.add_argument(
            "--port", type=int, default=settings.TRACKER_PORT, help="default: %(default)s; 0: any"
        )

    def handle(self, *, host: str, port: int, **_: object) -> None:
        """Track until SIGTERM or Ctrl+C."""
        raise_connection_limit()
        try:
            sockets = listen(host, port)
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"The tracker cannot listen on port {port}: {error}. Is another one running?"
            ) from error

        def say_ready() -> None:
            self.stdout.write(f"tracker listening on {', '.join(sockets.names())}")
            self.stdout.flush()

        run(sockets, Wishes(settings.DATA_DIR, settings.TRUSTED_PROXIES), say_ready)
