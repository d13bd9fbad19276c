"""What is published of a folder: its own files, not what lies behind a link in it."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from client.folders.collecting import collect

JUNCTION, ONEDRIVE = 0xA0000003, 0x9000001A


class WindowsEntry:
    """A folder or file as Windows lists it, with the tag of what is special about it."""

    def __init__(self, entry: os.DirEntry[str], tag: int) -> None:
        self.name, self.path = entry.name, entry.path
        self.is_symlink, self.is_dir, self.is_file = entry.is_symlink, entry.is_dir, entry.is_file
        self._size, self._tag = entry.stat().st_size, tag

    def stat(self, *, follow_symlinks: bool = True) -> SimpleNamespace:
        return SimpleNamespace(
            st_size=self._size, st_reparse_tag=0 if follow_symlinks else self._tag
        )


@pytest.mark.parametrize(("tag", "left_out"), [(JUNCTION, ("Music",)), (ONEDRIVE, ())])
def test_a_junction_is_left_out_but_not_what_onedrive_keeps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tag: int, left_out: tuple[str, ...]
) -> None:
    (tmp_path / "Album/Music").mkdir(parents=True)
    (tmp_path / "Album/Music/song").write_bytes(b"la")
    (tmp_path / "Album/cover").write_bytes(b"it")
    tags = {"Music": tag}
    listed = os.scandir
    monkeypatch.setattr(
        os, "scandir", lambda path: [WindowsEntry(e, tags.get(e.name, 0)) for e in listed(path)]
    )
    assert collect(tmp_path / "Album").left_out == left_out
