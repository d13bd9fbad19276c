"""Backup and restore: one file out of a running site, a site out of one file."""

import io
import sqlite3
import stat
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from server.running.saving import STORES
from tests.programs import ROOT, clean_environment
from tests.server import factories
from tests.server.running.conftest import Elsewhere

# Outside of a transaction: while one writes, SQLite copies nothing.
pytestmark = pytest.mark.django_db(transaction=True)
OLD_SITE = "tests.server.running.old_site"
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="of SQLite's file")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="of pg_dump's text")


def restore(
    file: Path, folder: Path, *options: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "restore", str(file), *options],
        cwd=ROOT,
        env=clean_environment(PASSALONG_DATA_DIR=str(folder), **variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def saved(data_dir: Path, tmp_path: Path) -> Path:
    """A backup of a site with one release."""
    factories.site()
    factories.release("Saved")
    for name in ("site-key", "secret-key", "serve.json", "setup-code"):
        (data_dir / name).write_text(name)
    (data_dir / "queue").mkdir()
    call_command("backup", str(tmp_path / "backup.tar.gz"))
    return tmp_path / "backup.tar.gz"


@on_sqlite
def test_brings_a_site_to_another_folder(saved: Path, tmp_path: Path) -> None:
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    folder = tmp_path / "elsewhere"
    ended = restore(saved, folder)
    assert ended.returncode == 0, ended.stderr
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        assert database.execute("SELECT title FROM catalog_release").fetchall() == [("Saved",)]
    assert (folder / "site-key").read_text() == "site-key"
    assert not (folder / "setup-code").exists()
    again = restore(saved, folder)
    assert again.returncode == 1
    assert "--replace" in again.stderr
    assert restore(saved, folder, "--replace").returncode == 0


def test_brings_a_site_to_another_database(
    saved: Path, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    folder = tmp_path / "elsewhere"
    for replaces, status in (((), 0), ((), 1), (("--replace",), 0)):
        ended = restore(saved, folder, *replaces, DATABASE_URL=elsewhere.url)
        assert ended.returncode == status, ended.stderr
        assert elsewhere.ask("SELECT title FROM catalog_release") == [("Saved",)]
    assert (folder / "site-key").read_text() == "site-key"
    assert not (folder / "db.sqlite3").exists()


def test_saves_no_earlier_backup_that_lies_in_the_data_folder(saved: Path, data_dir: Path) -> None:
    saved.rename(data_dir / "yesterday.tar.gz")
    call_command("backup", str(data_dir / "today.tar.gz"))
    with tarfile.open(data_dir / "today.tar.gz") as tar:
        assert tar.getnames() == [STORES[connection.vendor].FILE, "secret-key", "site-key"]


@on_sqlite
def test_refuses_what_is_no_backup(tmp_path: Path) -> None:
    evil = tmp_path / "evil.tar.gz"
    with tarfile.open(evil, "w:gz") as tar:
        for name in ("db.sqlite3", "../outside"):
            member = tarfile.TarInfo(name)
            member.size = 4
            tar.addfile(member, io.BytesIO(b"evil"))
    for file in (evil, ROOT / "README.md"):
        ended = restore(file, tmp_path / "new")
        assert ended.returncode == 1
        assert "Traceback" not in ended.stderr
    assert not (tmp_path / "new" / "db.sqlite3").exists()
    assert not (tmp_path / "outside").exists()


@on_sqlite
def test_names_the_database_that_a_backup_is_for(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "backup.tar.gz", "w:gz") as tar:
        tar.addfile(tarfile.TarInfo(STORES["postgresql"].FILE))
    ended = restore(tmp_path / "backup.tar.gz", tmp_path / "new")
    assert ended.returncode == 1
    assert "a site that is kept in PostgreSQL" in ended.stderr


def run(*arguments: str, **variables: str) -> None:
    environment = clean_environment(**variables)
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, check=True, timeout=60)


@on_postgresql
def test_moves_a_site_from_sqlite_to_postgresql(elsewhere: Elsewhere, tmp_path: Path) -> None:
    small, file = f"sqlite:///{tmp_path / 'small.sqlite3'}", tmp_path / "small.tar.gz"
    run("-m", OLD_SITE, DATABASE_URL=small, DJANGO_SETTINGS_MODULE="tests.settings")
    (tmp_path / "small").mkdir()
    where = {"DATABASE_URL": small, "PASSALONG_DATA_DIR": str(tmp_path / "small")}
    run("manage.py", "backup", str(file), **where)
    for replaces in ((), ("--replace",)):
        ended = restore(file, tmp_path / "large", *replaces, DATABASE_URL=elsewhere.url)
        assert ended.returncode == 0, ended.stderr
    assert elsewhere.ask(
        "SELECT title, length(info) > 9 FROM catalog_release, catalog_torrentfile"
    ) == [("Nosferatu", True)]
    assert elsewhere.ask("SELECT rowid FROM catalog_search WHERE catalog_search @@ 'film:*'") == [
        (1,)
    ]
    assert elsewhere.ask("SELECT last_value, is_called FROM catalog_release_id_seq") == [(1, True)]
    run("manage.py", "migrate", "--check", DATABASE_URL=elsewhere.url)


@on_postgresql
def test_moves_nothing_from_another_version(
    saved: Path, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    assert restore(saved, tmp_path / "new", DATABASE_URL=elsewhere.url).returncode == 0
    with closing(sqlite3.connect(tmp_path / "db.sqlite3")) as old:
        old.execute("CREATE TABLE django_migrations (id, app, name, applied)")
        old.commit()
    with tarfile.open(tmp_path / "old.tar.gz", "w:gz") as tar:
        tar.add(tmp_path / "db.sqlite3", arcname="db.sqlite3")
    ended = restore(
        *(tmp_path / "old.tar.gz", tmp_path / "new", "--replace"), DATABASE_URL=elsewhere.url
    )
    assert "made by another version" in ended.stderr
    assert elsewhere.ask("SELECT title FROM catalog_release") == [("Saved",)]


@on_postgresql
def test_leaves_the_database_alone_that_the_backup_would_break(
    saved: Path, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    assert restore(saved, tmp_path / "new", DATABASE_URL=elsewhere.url).returncode == 0
    with tarfile.open(saved) as tar:
        tar.extractall(tmp_path, filter="data")
    text = (tmp_path / "database.sql").read_bytes()
    for broken in (text[: len(text) // 2], text.replace(b"\tSaved\t", b"\tSaved\t\t")):
        (tmp_path / "database.sql").write_bytes(broken)
        with tarfile.open(tmp_path / "broken.tar.gz", "w:gz") as tar:
            tar.add(tmp_path / "database.sql", arcname="database.sql")
        ended = restore(
            *(tmp_path / "broken.tar.gz", tmp_path / "new", "--replace"),
            DATABASE_URL=elsewhere.url,
        )
        assert ended.returncode == 1
        assert "Traceback" not in ended.stderr
        assert elsewhere.ask("SELECT title FROM catalog_release") == [("Saved",)]


@on_postgresql
def test_names_the_program_that_is_missing(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(data_dir))
    with pytest.raises(CommandError, match="postgresql-client"):
        call_command("backup", str(data_dir / "backup"))
