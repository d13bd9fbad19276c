"""`manage.py seeder`: fetches and shares the site's own copies; `manage.py serve` starts it too."""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from server.running import data_folder
from server.running.stopping import told_to_stop
from server.seeding.keeping import Keeper

log = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 3.0
MILLISECONDS_TO_LISTEN = 500


class Command(BaseCommand):
    """One for each data folder."""

    requires_system_checks = []  # nearly all are about pages, which the seeder does not have
    help = "Fetches a copy of what this site offers, and shares it."

    def handle(self, *args: object, **options: object) -> None:
        """Work until SIGTERM or Ctrl+C."""
        stop = told_to_stop()
        with alone_in(settings.DATA_DIR, stop) as is_alone:
            if not is_alone:
                return
            keeper = Keeper(f"{socket.gethostname()}:{settings.DATA_DIR}", settings.SEEDING_PORT)
            work(keeper, stop)
            with suppress(DatabaseError):  # It may have ended before; the files are there.
                keeper.close(timezone.now())


@contextmanager
def alone_in(data_dir: Path, stop: threading.Event) -> Iterator[bool]:
    """Wait until no other seeder works in this folder; false when told to stop before that.

    It may be one that is still ending. If this one ended instead, `serve` would start it a few
    times more, and then end the whole site.
    """
    has_told = False
    while True:
        with data_folder.locked(data_dir / "seeder.lock") as is_ours:
            if is_ours or stop.is_set():
                yield is_ours
                return
        if not has_told:
            has_told = True
            log.warning("Another seeder works in %s; this one waits until it has ended.", data_dir)
        stop.wait(SECONDS_BETWEEN_LOOKS)


def work(keeper: Keeper, stop: threading.Event) -> None:
    """Look at the database every few seconds, and hear what happens meanwhile."""
    look_at = 0.0
    while not stop.is_set():
        if time.monotonic() >= look_at:
            look_at = time.monotonic() + SECONDS_BETWEEN_LOOKS
            try:
                close_old_connections()
                keeper.look(timezone.now())
            except DatabaseError as error:
                log.warning("The database did not answer the seeder: %s", error)
            except (OSError, ObjectDoesNotExist) as error:
                # The disk, or a release that was deleted at this moment.
                log.warning("The seeder tries again what it could not do: %s", error)
        keeper.listen(MILLISECONDS_TO_LISTEN, timezone.now())
