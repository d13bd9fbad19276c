"""What an update does with the database that an older or a newer version has left."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from server.running import updating
from server.running.saving import BackupError
from server.running.updating import UpdateError, update_database
from tests.programs import ROOT, clean_environment
from tests.server import factories
from tests.server.running.conftest import Elsewhere

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_site_of_the_first_version_goes_on_and_is_saved_before(elsewhere: Elsewhere) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.server.running.old_site"],
        cwd=ROOT,
        env=clean_environment(DATABASE_URL=elsewhere.url, DJANGO_SETTINGS_MODULE="tests.settings"),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr
    said = json.loads(ended.stdout)
    assert set(said.pop("statuses").values()) == {200}
    assert said == {
        "opens": "/",
        "kept": ["before-update.tar.gz"],
        "is_found": True,
        "can_sign_in": True,
    }


@pytest.fixture
def behind(data_dir: Path) -> Path:
    """The data folder of a site whose database lacks the last migration."""
    factories.site()
    call_command("migrate", "running", "zero", verbosity=0)
    return data_dir


def test_an_update_that_was_interrupted_keeps_the_first_backup(behind: Path) -> None:
    (behind / "update.tar.gz").write_text("of before")
    update_database()
    assert (behind / "before-update.tar.gz").read_text() == "of before"
    assert not (behind / "update.tar.gz").exists()


def test_an_update_stops_where_no_backup_fits_and_goes_on_where_none_can_be_made(
    behind: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(error: Exception) -> None:
        def back_up(_target: Path) -> list[str]:
            raise error

        monkeypatch.setattr(updating, "back_up", back_up)

    fail(OSError("No space left on device"))
    with pytest.raises(UpdateError, match="No space left"):
        update_database()
    fail(BackupError("pg_dump is missing."))
    update_database()
    assert "without a backup. pg_dump is missing." in capsys.readouterr().err
    assert "running_workerpulse" in connection.introspection.table_names()


def test_a_database_of_a_newer_version_is_refused() -> None:
    MigrationRecorder(connection).record_applied("catalog", "9999_from_the_future")
    try:
        with pytest.raises(UpdateError, match="catalog 9999_from_the_future"):
            update_database()
    finally:
        MigrationRecorder(connection).record_unapplied("catalog", "9999_from_the_future")
