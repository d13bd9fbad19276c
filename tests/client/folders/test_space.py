"""How much room there is."""

import shutil
from pathlib import Path

import pytest

from client.folders.space import free_space


def test_a_drive_that_is_gone_has_no_room_to_speak_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert free_space(tmp_path / "not/made/yet") is not None

    def refuse(path: Path) -> bool:
        raise PermissionError(path)

    monkeypatch.setattr(Path, "exists", refuse)
    monkeypatch.setattr(shutil, "disk_usage", refuse)
    assert free_space(tmp_path / "gone") is None
