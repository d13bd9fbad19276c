"""`manage.py restore FILE`: a backup put back, while the site does not run."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from server.running import data_folder
from server.running.data_folder import AlreadyRunning, only_copy
from server.running.saving import BackupError, restore


class Command(BaseCommand):
    """Puts it back and brings the database up to date, since the backup may be older."""

    help = "Put back what 'backup' saved; stop the site first."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and whether another site may be given up."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="give up what is there now")

    def handle(self, *args: Any, file: Path, replace: bool, **options: Any) -> None:
        """Restore."""
        folder = Path(settings.DATA_DIR)
        data_folder.make(folder)
        try:
            with only_copy(folder):
                names = restore(file, folder, replaces=replace)
                call_command("migrate", verbosity=0, interactive=False)
        except (AlreadyRunning, BackupError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Put back: {', '.join(names)}. Start the site: manage.py serve")
