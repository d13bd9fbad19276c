"""`manage.py tracker`: the tracker alone, as `manage.py serve` starts it too."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from server.tracker.core.errors import StoreFailedError
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
        parser.add_argument(
            "--allowed-dir",
            type=Path,
            action="append",
            default=settings.ALLOWED_DIRS,
            metavar="DIR",
            help="also track the .torrent files in this folder, as they come and go",
        )
        parser.add_argument(
            "--open",
            action="store_true",
            default=settings.OPEN_TRACKER,
            help="track every torrent that nobody has refused or blocked",
        )
        parser.add_argument(
            "--metrics",
            action="store_true",
            default=settings.METRICS,
            help="tell Prometheus on this machine at /metrics on the tracker's port",
        )

    def handle(
        self,
        *,
        host: str,
        port: int,
        allowed_dir: Sequence[Path] = (),
        metrics: bool = False,
        **options: object,
    ) -> None:
        """Track until SIGTERM or Ctrl+C."""
        for folder in allowed_dir:
            if not folder.is_dir():
                raise CommandError(f"{folder} is not a folder with .torrent files.")
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

        wishes = Wishes(
            folder=settings.DATA_DIR / "tracker",
            trusted=settings.TRUSTED_PROXIES,
            allowed_dirs=allowed_dir,
            is_open=bool(options.get("open")),
            has_metrics=metrics,
            redis_url=settings.REDIS_URL,
        )
        try:
            run(sockets, wishes, say_ready)
        except StoreFailedError as error:
            raise CommandError(f"{error} REDIS_URL is {settings.REDIS_URL}.") from error
