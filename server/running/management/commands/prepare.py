"""`manage.py prepare`: what `serve` does before it starts the programs, for those who start them.

Prints the path of the first page to open.
"""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from server.running import data_folder, preparing
from server.running.updating import UpdateError


class Command(BaseCommand):
    """Makes the data folder, the tables, the roles and the static files, as far as missing."""

    help = "Make or update the data folder, the database and the static files."
    requires_system_checks = []

    def handle(self, *args: object, **options: object) -> None:
        """Prepare and say which page to open."""
        data_folder.make(settings.DATA_DIR)
        try:
            self.stdout.write(preparing.prepare())
        except UpdateError as error:
            raise CommandError(str(error)) from error
