"""`manage.py seeder`: fetches and shares the site's own copies; `manage.py serve` starts it too."""

import logging
import socket
import threading
import time
from contextlib import suppress

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
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
        with data_folder.locked(settings.DATA_DIR / "seeder.lock") as is_ours:
            if not is_ours:
                raise CommandError(f"Another seeder works in {settings.DATA_DIR}.")
            keeper = Keeper(f"{socket.gethostname()}:{settings.DATA_DIR}", settings.SEEDING_PORT)
            work(keeper, stop)
            with suppress(DatabaseError):  # It may have ended before; the files are there.
                keeper.close(timezone.now())


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
        keeper.listen(MILLISECONDS_TO_LISTEN, timezone.now())
