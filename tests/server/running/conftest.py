"""A second database beside the tests' own, for what replaces or makes a whole one."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An empty database of the kind that the tests run with."""

    name: str
    url: str

    def ask(self, question: str) -> list[tuple[object, ...]]:
        """What it answers to a query."""
        with closing(connection.copy()) as other:
            other.settings_dict["NAME"] = self.name
            with other.cursor() as cursor:
                cursor.execute(question)
                return [tuple(row) for row in cursor.fetchall()]


@pytest.fixture
def elsewhere(transactional_db: None, tmp_path: Path) -> Iterator[Elsewhere]:
    """That database; where it lies is no folder of a site."""
    if connection.vendor == "sqlite":
        path = tmp_path / "elsewhere.sqlite3"
        yield Elsewhere(str(path), f"sqlite:///{path}")
        return
    name, known = f"elsewhere_{uuid4().hex}", connection.settings_dict
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    where = f"{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}"
    yield Elsewhere(name, f"postgres://{where}/{name}")
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
