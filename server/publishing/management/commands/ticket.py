"""An upload ticket from the command line."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from installer.formats import ticket as ticket_format
from server.accounts.models import User
from server.publishing.errors import PublishingError
from server.publishing.services import issue_ticket
from server.site.models import Site


class Command(BaseCommand):
    """Issues a ticket and writes it into a file that only its owner can read."""

    help = "Write an upload ticket for USER into a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say whose ticket, and where to."""
        parser.add_argument("user", metavar="USER")
        parser.add_argument("--output", metavar="FILE", required=True, help="- means stdout")

    def handle(self, *args: Any, user: str, output: str, **options: Any) -> None:
        """Issue and write."""
        data = ticket_format.write(_issue(user))
        if output == "-":
            self.stdout.buffer.write(data)  # type: ignore[attr-defined]  # a wrapped text stream
        else:
            _write_private(Path(output), data)


def _issue(user_name: str) -> ticket_format.Ticket:
    try:
        return issue_ticket(User.objects.get(username=user_name), timezone.now())[1]
    except User.DoesNotExist as error:
        raise CommandError(f"There is nobody called {user_name!r} on this site.") from error
    except Site.DoesNotExist as error:
        raise CommandError("The site is not set up yet. Open it in a browser first.") from error
    except PublishingError as error:
        raise CommandError(f"{user_name} may not publish on this site.") from error


def _write_private(path: Path, data: bytes) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            path.chmod(0o600)
            file.write(data)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
