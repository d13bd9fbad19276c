"""A database in PostgreSQL: saved as the SQL text that pg_dump writes, from one snapshot.

Put back here and not by psql: in one transaction together with dropping what was there, and
without psql's backslash commands, which can run programs.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from .errors import BackupError

NAME = "PostgreSQL"
FILE = "database.sql"

DUMP_OPTIONS = (
    *("--encoding=UTF8", "--no-password", "--lock-wait-timeout=60s"),
    *("--no-owner", "--no-privileges", "--no-comments", "--no-security-labels"),
    *("--no-tablespaces", "--no-publications", "--no-subscriptions"),
)
COMPLETE = b"-- PostgreSQL database dump complete"
END_OF_ROWS = b"\\.\n"
# Of newer programs than the server, and for psql alone.
NOT_FOR_THE_SERVER = (b"SET transaction_timeout =", b"\\restrict ", b"\\unrestrict ")


def is_there() -> bool:
    """Whether the database has tables already."""
    return bool(_tables())


def place() -> str:
    """Where it is, for people."""
    return f"the database {connection.settings_dict['NAME']}"


def save(copy: Path) -> None:
    """Let pg_dump write it."""
    program = shutil.which("pg_dump")
    if program is None:
        raise BackupError(
            "This site is kept in PostgreSQL, and the program that saves it, pg_dump, is missing. "
            "On Debian and Ubuntu this mends it: sudo apt-get install postgresql-client"
        )
    (_psql, *arguments), variables = connection.client.settings_to_cmd_args_env(
        connection.settings_dict, [*DUMP_OPTIONS, f"--file={copy}"]
    )
    ended = subprocess.run(
        [program, *arguments],
        env={**os.environ, **(variables or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise BackupError(f"pg_dump could not save the database: {ended.stderr.strip()}")


def put_back(copy: Path) -> None:
    """Replace all tables of the database by the saved ones, or change nothing."""
    _check(copy)
    with transaction.atomic(), connection.cursor() as cursor:
        drop_tables()
        with copy.open("rb") as lines:
            _run(lines, cursor)
    connection.close()  # The text has changed the settings of this session.


def drop_tables() -> None:
    """Make room, inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")  # A site that runs elsewhere holds locks.
        if tables := _tables():
            names = ", ".join(map(connection.ops.quote_name, tables))
            cursor.execute(f"DROP TABLE {names} CASCADE")


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        return connection.introspection.table_names(cursor)


def _check(copy: Path) -> None:
    with copy.open("rb") as lines:
        if not any(line.startswith(COMPLETE) for line in lines):
            raise BackupError("The database in the backup is not complete.")


def _run(lines: Iterator[bytes], cursor: Any) -> None:
    statements: list[bytes] = []
    for line in lines:
        if line.startswith(b"COPY ") and line.endswith(b" FROM stdin;\n"):
            _execute(statements, cursor)
            with connection.wrap_database_errors, cursor.copy(line.decode()) as rows:
                for row in takewhile(lambda row: row != END_OF_ROWS, lines):
                    rows.write(row)
        elif not line.startswith(NOT_FOR_THE_SERVER):
            statements.append(line)
    _execute(statements, cursor)


def _execute(statements: list[bytes], cursor: Any) -> None:
    cursor.execute(b"".join(statements).decode())
    statements.clear()
