"""Publish an existing torrent file from the command line."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from server.accounts.models import User
from server.publishing.errors import PublishingError
from server.publishing.services import Words, publish_as
from server.site.models import Site


class Command(BaseCommand):
    """Checks and stores a torrent as an upload would, without a ticket."""

    help = "Publish the torrent file FILE."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what, for whom, and in which words."""
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--user", required=True, help="who publishes it")
        parser.add_argument("--title", default="")
        parser.add_argument("--description", default="")
        parser.add_argument("--category", default="", help="the short name of a category")

    def handle(self, *args: Any, file: Path, user: str, **options: Any) -> None:
        """Publish and print the page's address."""
        words = Words(options["title"], options["description"], options["category"])
        try:
            site = Site.objects.current()
            publisher = User.objects.get(username=user)
            published = publish_as(publisher, _read(file), words, timezone.now(), is_limited=False)
        except Site.DoesNotExist as error:
            raise CommandError("The site is not set up yet. Open it in a browser first.") from error
        except User.DoesNotExist as error:
            raise CommandError(f"There is nobody called {user!r} on this site.") from error
        except PublishingError as error:
            raise CommandError(error.message) from error
        self.stdout.write(site.url(published.release.get_absolute_url()))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(settings.TORRENT_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
