"""A database in SQLite: copied as a file while it is written to, put back as a file."""

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection

from .errors import BackupError
from .files import put_in_place

NAME = "SQLite"
FILE = "db.sqlite3"


def is_there() -> bool:
    """Whether there is a database already."""
    return _database().exists()


def place() -> str:
    """Where it is, for people."""
    return str(_database())


def save(copy: Path) -> None:
    """Copy it page by page and consistent, SQLite's own way."""
    connection.ensure_connection()
    with closing(sqlite3.connect(copy)) as target:
        connection.connection.backup(target)


def put_back(copy: Path) -> None:
    """Replace the database by the copy, if that is whole."""
    check(copy)
    connection.close()
    database = _database()
    for rest in ("-wal", "-shm"):
        database.with_name(f"{database.name}{rest}").unlink(missing_ok=True)
    put_in_place(copy, database)


def _database() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def check(database: Path) -> None:
    """Refuse a damaged file."""
    try:
        with closing(sqlite3.connect(database)) as opened:
            (answer,) = opened.execute("PRAGMA quick_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise BackupError(f"The database in the backup is damaged: {error}") from error
    if answer != "ok":
        raise BackupError(f"The database in the backup is damaged: {answer}")
