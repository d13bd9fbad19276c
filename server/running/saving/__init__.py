"""A backup: one file with the database, as it was at one moment, and the keys beside it.

The torrents are rows of the database. What can be made anew (programs, static files, the queue) is
left out. Made while the site runs; put back while it does not.
"""

import os
import tarfile
import tempfile
import zlib
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import DatabaseError, connection

from . import moving, postgresql, sqlite
from .errors import BackupError
from .files import PRIVATE_FILE, put_in_place

KEYS = ("secret-key", "site-key")

__all__ = ["BackupError", "back_up", "restore"]


class Store(Protocol):
    """One kind of database: its name, its file in a backup, and the ways there and back."""

    NAME: str
    FILE: str

    def is_there(self) -> bool: ...
    def place(self) -> str: ...
    def save(self, copy: Path) -> None: ...
    def put_back(self, copy: Path) -> None: ...


STORES: dict[str, Store] = {"sqlite": sqlite, "postgresql": postgresql}


def back_up(target: Path) -> list[str]:
    """Write the backup; the names of what is in it."""
    store = STORES[connection.vendor]
    draft = target.with_name(f"{target.name}.part")
    names = []
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as folder:
        copy = Path(folder) / store.FILE
        store.save(copy)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
        with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w:gz") as tar:
            for path in [copy, *_keys()]:
                tar.add(path, arcname=path.name, recursive=False)
                names.append(path.name)
    draft.replace(target)
    return names


def restore(source: Path, data_dir: Path, *, replaces: bool) -> list[str]:
    """Put everything back into the database and the data folder of a site that does not run."""
    store = STORES[connection.vendor]
    try:
        if store.is_there() and not replaces:
            raise BackupError(
                f"There is a site in {store.place()} already. "
                "Add --replace if it is to be given up."
            )
        with tempfile.TemporaryDirectory(dir=data_dir) as folder:
            return _put_back(source, Path(folder), data_dir, store)
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        raise BackupError(f"{source} cannot be read as a backup: {error}") from error
    except DatabaseError as error:
        raise BackupError(f"The database could not be put back: {error}") from error


def _put_back(source: Path, folder: Path, data_dir: Path, store: Store) -> list[str]:
    names = _unpack(source, folder)
    if store.FILE in names:
        store.put_back(folder / store.FILE)
    elif sqlite.FILE in names:
        moving.put_back(folder / sqlite.FILE)
    else:
        raise BackupError(_wrong_kind(source, names))
    keys = [name for name in KEYS if name in names]
    for name in keys:
        put_in_place(folder / name, data_dir / name)
    return [sqlite.FILE if sqlite.FILE in names else store.FILE, *keys]


def _unpack(source: Path, folder: Path) -> list[str]:
    with tarfile.open(source, "r:gz") as tar:
        members = tar.getmembers()
        if not all(_is_plain(member) for member in members):
            raise BackupError(f"{source} is not a backup of Passalong.")
        # Pythons before 3.11.4, such as Debian 12's, have no filters. These members are plain.
        options: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        tar.extractall(folder, members, **options)  # noqa: S202
    return [member.name for member in members]


def _wrong_kind(source: Path, names: list[str]) -> str:
    if postgresql.FILE in names:
        return (
            f"{source} holds a site that is kept in PostgreSQL. Put it back there: name the "
            "database in DATABASE_URL."
        )
    return f"{source} is not a backup of Passalong."


def _keys() -> list[Path]:
    paths = [Path(settings.DATA_DIR) / name for name in KEYS]
    return [path for path in paths if path.is_file()]


def _is_plain(member: tarfile.TarInfo) -> bool:
    return member.isfile() and Path(member.name).name == member.name
