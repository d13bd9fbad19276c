"""The database of another version: an older is saved and brought up to date, a newer refused."""

import sys
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from server.site.models import Site

from .saving import BackupError, back_up

OUR_APPS = frozenset(name.removeprefix("server.") for name in settings.INSTALLED_APPS)
SITE_TABLE = ("site", "0001_initial")


class UpdateError(Exception):
    """The database cannot be used by this version; the text says what to do."""


def update_database() -> None:
    """Make or change the tables as this version wants them."""
    executor = MigrationExecutor(connection)
    _refuse_newer(executor.loader)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    is_site = SITE_TABLE in executor.loader.applied_migrations and Site.objects.is_set_up()
    saved = _save() if is_site else None
    call_command("migrate", verbosity=0, interactive=False)
    if saved is not None:
        saved.replace(saved.with_name("before-update.tar.gz"))


def _refuse_newer(loader: MigrationLoader) -> None:
    newer = sorted(
        f"{app} {name}"
        for app, name in loader.applied_migrations
        if app in OUR_APPS and (app, name) not in loader.disk_migrations
    )
    if newer:
        raise UpdateError(
            f"The database was used by a newer Passalong, which this one cannot read "
            f"({', '.join(newer)}). Start the newer one, or put a backup from before the update "
            "back with 'manage.py restore --replace FILE'."
        )


def _save() -> Path | None:
    saved = Path(settings.DATA_DIR) / "update.tar.gz"
    if saved.exists():
        return saved  # An update was interrupted: this is how the database was before.
    try:
        back_up(saved)
    except BackupError as error:
        print(f"The database is brought up to date without a backup. {error}", file=sys.stderr)
        return None
    except OSError as error:
        raise UpdateError(
            f"The database has to be brought up to date, and saving it before failed: {error}. "
            "Make room on the disk and start again."
        ) from error
    return saved
