"""A backup: one file with the database, as it was at one moment, and the keys beside it.

The torrents are rows of the database. What can be made anew (programs, static files, the queue) is
left out. Made while the site runs; put back while it does not.
"""

import os
import shutil
import sqlite3
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection

DATABASE = "db.sqlite3"
PRIVATE_FILE = 0o600
KEYS = ("secret-key", "site-key")


class BackupError(Exception):
    """It cannot be done; the text says why and what to do."""


def back_up(target: Path) -> list[str]:
    """Write the backup; the names of what is in it."""
    _check_database()
    draft = target.with_name(f"{target.name}.part")
    names = []
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as folder:
        copy = Path(folder) / DATABASE
        _copy_database(copy)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
        with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w:gz") as tar:
            for path in [copy, *_keys()]:
                tar.add(path, arcname=path.name, recursive=False)
                names.append(path.name)
    draft.replace(target)
    return names


def restore(source: Path, data_dir: Path, *, replaces: bool) -> list[str]:
    """Put everything back into the data folder of a site that does not run."""
    _check_database()
    database = Path(str(settings.DATABASES["default"]["NAME"]))
    if database.exists() and not replaces:
        raise BackupError(
            f"There is a site in {database} already. Add --replace if it is to be given up."
        )
    places = {DATABASE: database, **{name: data_dir / name for name in KEYS}}
    try:
        with tempfile.TemporaryDirectory(dir=data_dir) as folder:
            return _put_back(source, Path(folder), places)
    except (tarfile.TarError, OSError, EOFError) as error:
        raise BackupError(f"{source} cannot be read as a backup: {error}") from error


def _put_back(source: Path, folder: Path, places: dict[str, Path]) -> list[str]:
    with tarfile.open(source, "r:gz") as tar:
        members = tar.getmembers()
        names = [member.name for member in members]
        if DATABASE not in names or not all(_is_plain(member) for member in members):
            raise BackupError(f"{source} is not a backup of Passalong.")
        tar.extractall(folder, members, filter="data")
    _check_copy(folder / DATABASE)
    connection.close()
    database = places[DATABASE]
    for rest in ("-wal", "-shm"):
        database.with_name(f"{database.name}{rest}").unlink(missing_ok=True)
    known = [name for name in names if name in places]
    for name in known:
        (folder / name).chmod(PRIVATE_FILE)
        _move(folder / name, places[name])
    return known


def _move(path: Path, target: Path) -> None:
    # The database may lie on another disk than the data folder, and is never there in part.
    draft = target.with_name(f"{target.name}.part")
    shutil.move(path, draft)
    draft.replace(target)


def _copy_database(copy: Path) -> None:
    # SQLite's own way to copy what is being written to, page by page and consistent.
    connection.ensure_connection()
    with closing(sqlite3.connect(copy)) as target:
        connection.connection.backup(target)


def _check_copy(database: Path) -> None:
    try:
        with closing(sqlite3.connect(database)) as opened:
            (answer,) = opened.execute("PRAGMA quick_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise BackupError(f"The database in the backup is damaged: {error}") from error
    if answer != "ok":
        raise BackupError(f"The database in the backup is damaged: {answer}")


def _check_database() -> None:
    if connection.vendor != "sqlite":
        raise BackupError(
            "This site keeps its data in PostgreSQL, which has programs for this: use pg_dump and "
            f"pg_restore for the database, and copy the small files in {settings.DATA_DIR}."
        )


def _keys() -> list[Path]:
    paths = [Path(settings.DATA_DIR) / name for name in KEYS]
    return [path for path in paths if path.is_file()]


def _is_plain(member: tarfile.TarInfo) -> bool:
    return member.isfile() and Path(member.name).name == member.name
