"""A site that outgrew SQLite: its backup put back into PostgreSQL, row by row.

In one transaction, and only from a backup of this very version, so that both have the same tables.
"""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

from server.catalog import searching

from . import postgresql, sqlite
from .errors import BackupError

SOURCE = "backup"
ROWS_AT_ONCE = 20  # A torrent has up to 5 MB.


def put_back(copy: Path) -> None:
    """Replace all tables of the database by what is in the SQLite file, or change nothing."""
    sqlite.check(copy)
    known = {DEFAULT_DB_ALIAS: {"ENGINE": "django.db.backends.sqlite3", "NAME": str(copy)}}
    connections.settings[SOURCE] = connections.configure_settings(known)[DEFAULT_DB_ALIAS]
    try:
        with transaction.atomic():
            postgresql.drop_tables()
            call_command("migrate", verbosity=0, interactive=False)
            _check_version()
            _copy([each for each in apps.get_models(include_auto_created=True) if _is_ours(each)])
    finally:
        connections[SOURCE].close()
        del connections[SOURCE], connections.settings[SOURCE]


def _is_ours(model: type[Model]) -> bool:
    return model._meta.managed and not model._meta.proxy  # noqa: SLF001 - Django's own name for it


def _check_version() -> None:
    here, there = (
        set(MigrationRecorder(connections[alias]).applied_migrations())
        for alias in (DEFAULT_DB_ALIAS, SOURCE)
    )
    if here != there:
        raise BackupError(
            "The backup was made by another version. Put it back without DATABASE_URL, start the "
            "site once, and make a new backup, which this version can move to PostgreSQL."
        )


def _copy(models: Sequence[type[Model]]) -> None:
    with connection.cursor() as cursor:
        # What the migrations put there is in the backup too.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        names = ", ".join(connection.ops.quote_name(each._meta.db_table) for each in models)  # noqa: SLF001
        cursor.execute(f"TRUNCATE {names} CASCADE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for model in models:
        _copy_rows(model)
    with connections[SOURCE].cursor() as cursor:
        cursor.execute(f"SELECT rowid, words FROM {searching.TABLE}")  # noqa: S608 - our own name
        for number, words in cursor:
            searching.store_words(number, words)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _copy_rows(model: type[Model]) -> None:
    manager: Any = model._base_manager  # noqa: SLF001
    rows = manager.using(SOURCE).iterator(chunk_size=ROWS_AT_ONCE)
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        # Raw: the times of making and changing stay what they are.
        fields = model._meta.concrete_fields  # noqa: SLF001
        manager._insert(batch, fields=fields, using=DEFAULT_DB_ALIAS, raw=True)  # noqa: SLF001
