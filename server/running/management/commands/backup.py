"""`manage.py backup FILE`: all that cannot be made anew, in one file, while the site runs."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from server.running.saving import BackupError, back_up


class Command(BaseCommand):
    """Writes the file, which only its owner can read: it holds the site's keys."""

    help = "Save database, keys and torrents in one file; the site may run meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Save."""
        try:
            names = back_up(file)
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{file} holds {', '.join(names)}. Keep it where nobody else can read it."
        )
