"""`manage.py serve`: the whole site on one machine, with nothing to set up.

Reads the options and the signals; what a run consists of is in `server.running.serving`.
"""

import os
import threading
from argparse import ArgumentParser, ArgumentTypeError
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from server.running.addresses import Listening, PortTaken
from server.running.data_folder import AlreadyRunning
from server.running.serving import Choices, ServingError, serve
from server.running.stopping import told_to_stop
from server.running.supervising import ProgramKeepsEnding
from server.settings import site_address


class Command(BaseCommand):
    """Prepares the data folder, runs web, tracker and worker, and ends with all of them."""

    help = "Run the whole site: web, tracker and worker."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Every option has an environment variable, and wins over it."""
        parser.add_argument(
            "--host",
            default=settings.HOST,
            help="network address to listen on [all that this machine has]",
        )
        parser.add_argument(
            "--port", type=_port, default=settings.PORT, help="port of the site [%(default)s]"
        )
        parser.add_argument(
            "--tracker-port",
            type=_port,
            default=settings.TRACKER_PORT,
            help="port of the tracker [%(default)s]",
        )
        parser.add_argument(
            "--data-dir",
            type=lambda text: Path(text).resolve(),
            default=settings.DATA_DIR,
            help="folder for everything that the site keeps [%(default)s]",
        )
        parser.add_argument(
            "--site-url",
            type=_site_url,
            default=settings.SITE_URL,
            help="address under which visitors reach the site [as saved when it was set up]",
        )

    def handle(self, *args: object, **options: Any) -> None:
        """Run the site until Ctrl-C or SIGTERM."""
        listening = Listening(options["host"], options["port"], options["tracker_port"])
        choices = Choices(listening, options["data_dir"], options["site_url"])
        try:
            serve(choices, told_to_stop(), _say)
        except (AlreadyRunning, PortTaken, ProgramKeepsEnding, ServingError) as error:
            raise CommandError(str(error)) from error


_saying = threading.Lock()


def _say(line: str) -> None:
    # The terminal may be gone; that is no reason to stop serving.
    with _saying, suppress(OSError):
        print(line, flush=True)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise ArgumentTypeError(f"{text} is no port; it must be a number from 1 to 65535")
    return int(text)


def _site_url(text: str) -> str | None:
    os.environ["PASSALONG_SITE_URL"] = text
    try:
        return site_address("PASSALONG_SITE_URL")
    except ImproperlyConfigured as error:
        raise ArgumentTypeError(str(error)) from error
