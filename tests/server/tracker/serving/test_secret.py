"""The secret on disk."""

from pathlib import Path

from server.tracker.serving.secret import NAME, kept_secret


def test_the_secret_is_made_once(tmp_path: Path) -> None:
    assert kept_secret(tmp_path / "data") == kept_secret(tmp_path / "data")


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    kept_secret(tmp_path)
    assert (tmp_path / NAME).stat().st_mode & 0o077 == 0


def test_a_damaged_secret_is_replaced(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"short")
    assert len(kept_secret(tmp_path)) == 32


def test_a_folder_that_cannot_be_written_costs_only_persistence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert len(kept_secret(tmp_path / "file")) == 32
