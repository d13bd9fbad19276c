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

from tests.programs import ROOT, clean_environment
from tests.server import factories

# Outside of a transaction: while one writes, SQLite copies nothing.
pytestmark = pytest.mark.django_db(transaction=True)
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has its own ways")


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


@on_sqlite
def test_puts_the_database_where_the_site_reads_it(saved: Path, tmp_path: Path) -> None:
    folder, database = tmp_path / "elsewhere", tmp_path / "films.sqlite3"
    for replaces, status in (((), 0), ((), 1), (("--replace",), 0)):
        ended = restore(saved, folder, *replaces, DATABASE_URL=f"sqlite:///{database}")
        assert ended.returncode == status, ended.stderr
    with closing(sqlite3.connect(database)) as opened:
        assert opened.execute("SELECT title FROM catalog_release").fetchall() == [("Saved",)]
    assert not (folder / "db.sqlite3").exists()


@on_sqlite
def test_saves_no_earlier_backup_that_lies_in_the_data_folder(saved: Path, data_dir: Path) -> None:
    saved.rename(data_dir / "yesterday.tar.gz")
    call_command("backup", str(data_dir / "today.tar.gz"))
    with tarfile.open(data_dir / "today.tar.gz") as tar:
        assert tar.getnames() == ["db.sqlite3", "secret-key", "site-key"]


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


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite is saved")
def test_names_postgresqls_own_programs(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="pg_dump"):
        call_command("backup", str(tmp_path / "backup"))
