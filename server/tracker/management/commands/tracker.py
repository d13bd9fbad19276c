"""`manage.py tracker`: the tracker alone, as `manage.py serve` starts it too."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from server.tracker.core.errors import StoreFailedError
from server.tracker.serving.program import Wishes
from server.tracker.serving.running import run
from server.tracker.serving.sockets import (
    Sockets,
    listen,
    listen_together,
    raise_connection_limit,
)


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
            "--processes",
            type=int,
            default=settings.TRACKER_PROCESSES,
            help="how many processes share the work (Linux); default: %(default)s",
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
        processes: int = 1,
        allowed_dir: Sequence[Path] = (),
        metrics: bool = False,
        **options: object,
    ) -> None:
        """Track until SIGTERM or Ctrl+C."""
        for folder in allowed_dir:
            if not folder.is_dir():
                raise CommandError(f"{folder} is not a folder with .torrent files.")
        check_processes(processes)
        raise_connection_limit()
        groups = listening(host, port, processes)

        def say_ready() -> None:
            self.stdout.write(f"tracker listening on {', '.join(groups[0].names())}")
            self.stdout.flush()

        wishes = Wishes(
            folder=settings.DATA_DIR / "tracker",
            trusted=settings.TRUSTED_PROXIES,
            allowed_dirs=allowed_dir,
            is_open=bool(options.get("open")),
            has_metrics=metrics,
            redis_url=settings.REDIS_URL,
        )
        if processes > 1:
            run_together(groups, wishes, say_ready)
            return
        try:
            run(groups[0], wishes, say_ready)
        except StoreFailedError as error:
            raise CommandError(f"{error} REDIS_URL is {settings.REDIS_URL}.") from error


def run_together(groups: Sequence[Sockets], wishes: Wishes, say_ready: Callable[[], None]) -> None:
    """Track with several processes."""
    from server.tracker.serving.workers import WorkerFailedError, Workers  # Linux has what it needs

    try:
        Workers(groups, wishes).run(say_ready)
    except WorkerFailedError as error:
        raise CommandError(f"{error} The lines above may say more.") from error


def check_processes(processes: int) -> None:
    """Refuse what cannot be, with a sentence."""
    most = settings.MOST_TRACKER_PROCESSES
    if not 0 < processes <= most:
        raise CommandError(f"{processes} processes are not possible. Choose from 1 to {most}.")
    if processes > 1 and sys.platform != "linux":
        raise CommandError("Only on Linux can several processes share the tracker's port.")
    if processes > 1 and settings.REDIS_URL:
        raise CommandError(
            "With REDIS_URL every tracker is one process. Start several trackers instead, each "
            "with a port and a data folder of its own."
        )


def listening(host: str, port: int, processes: int) -> list[Sockets]:
    """What each process listens on."""
    try:
        if processes == 1:
            return [listen(host, port)]
        return listen_together(host, port, processes)
    except (OSError, OverflowError) as error:
        raise CommandError(
            f"The tracker cannot listen on port {port}: {error}. Is another one running?"
        ) from error
