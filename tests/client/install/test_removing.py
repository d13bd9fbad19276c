"""A program in use goes as soon as it is not, wherever its files could be moved until then."""

import errno
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from client.errors import FolderError
from client.install import installing, removing
from tests.client.install.test_installing import FakeDesktop


@pytest.fixture
def removed_later(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What Windows is told to delete when nobody uses it any more."""
    later: list[Path] = []
    monkeypatch.setattr(removing, "sys", SimpleNamespace(platform="win32"))
    monkeypatch.setattr(removing, "_remove_later", later.append, raising=False)
    monkeypatch.setattr(shutil, "rmtree", lambda *_, **__: None)
    return later


def test_what_cannot_be_moved_to_another_drive_is_deleted_later(
    removed_later: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(17, "The system cannot move the file to a different disk drive")

    monkeypatch.setattr(Path, "rename", refuse)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    program = tmp_path / "Passalong"
    program.mkdir()
    (program / "Passalong.exe").touch()
    assert not removing.remove(program)
    assert program in removed_later


def test_says_why_a_folder_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: Path, *, ignore_errors: bool = False) -> None:
        if not ignore_errors:
            raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(shutil, "rmtree", refuse)
    monkeypatch.setattr(installing, "this_desktop", lambda: FakeDesktop(tmp_path))
    with pytest.raises(FolderError, match="another program uses it"):
        installing.uninstall(tmp_path / "state", is_forgetting=False)
