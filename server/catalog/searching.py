"""Full-text search: words of titles, descriptions and file names, by the database's own means.

SQLite has FTS5 for it, PostgreSQL has `tsvector`; both hold the same words, cut and folded here, so
both find the same. The table's odd names are FTS5's: its key is `rowid`, and a column with the name
of the table stands for all of it.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

if TYPE_CHECKING:
    from .models import Release

TABLE = "catalog_search"
LONGEST_TEXT = 200_000
MOST_WORDS_ASKED = 12

CREATE = {
    "sqlite": f"CREATE VIRTUAL TABLE {TABLE} USING fts5(words, prefix='3')",
    "postgresql": f"CREATE TABLE {TABLE} (rowid bigint PRIMARY KEY, {TABLE} tsvector NOT NULL);"
    f" CREATE INDEX {TABLE}_words ON {TABLE} USING gin ({TABLE})",
}
_STORE = {
    "sqlite": "INSERT OR REPLACE INTO catalog_search (rowid, words) VALUES (%s, %s)",
    "postgresql": "INSERT INTO catalog_search (rowid, catalog_search)"
    " VALUES (%s, to_tsvector('simple', %s))"
    " ON CONFLICT (rowid) DO UPDATE SET catalog_search = excluded.catalog_search",
}
_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """The words of a text in small letters without accents; what is no letter or digit parts."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(each for each in folded if not unicodedata.combining(each)))


def store(release: "Release", file_names: Iterable[str]) -> None:
    """Let the release be found by its present words."""
    text = " ".join([release.title, release.description, *file_names])[:LONGEST_TEXT]
    store_words(release.pk, " ".join(words_of(text)))


def store_words(number: int, words: str) -> None:
    """The same for words that have been cut and folded already."""
    with connection.cursor() as cursor:
        cursor.execute(_STORE[connection.vendor], [number, words])


class SearchText(models.TextField[str, str]):
    """All that was stored of a release; `__match` asks for words."""


class SearchEntry(models.Model):
    """A row of the table. Written by `store`, joined by queries, deleted with its release."""

    release = models.OneToOneField(
        "Release",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="search",
        db_column="rowid",
        db_constraint=False,
    )
    text = SearchText(db_column=TABLE)

    class Meta:
        managed = False
        db_table = TABLE

    def __str__(self) -> str:
        return f"words of release {self.pk}"


@SearchText.register_lookup
class Match(models.Lookup[str]):
    """Whether every one of these words occurs, or begins one that does if it is all letters."""

    lookup_name = "match"
    prepare_rhs = False

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        """FTS5's MATCH."""
        column, parameters = self.process_lhs(compiler, connection)
        query = " ".join(f'"{word}"{"*" if _may_go_on(word) else ""}' for word in self._words())
        return f"{column} MATCH %s", (*parameters, query)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        """A tsquery."""
        column, parameters = self.process_lhs(compiler, connection)
        query = " & ".join(f"'{word}'{':*' if _may_go_on(word) else ''}" for word in self._words())
        return f"{column} @@ to_tsquery('simple', %s)", (*parameters, query)

    def _words(self) -> list[str]:
        return words_of(str(self.rhs))[:MOST_WORDS_ASKED]


def _may_go_on(word: str) -> bool:
    # Somebody who types 100 does not want 1000.
    return word.isalpha()
