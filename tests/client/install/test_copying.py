"""The installed copy: old or new at every moment, never half."""

import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from client.errors import FolderError
from client.install import copying
from client.install.copying import PROGRAM, Build, put, start_path, tidy


def unpacked(folder: Path, content: bytes) -> Build:
    (folder / "lib").mkdir(parents=True)
    (folder / "lib/libtorrent.so").write_bytes(content)
    (folder / PROGRAM).write_bytes(content)
    (folder / "build").write_text(sha256(content).hexdigest())
    return Build(folder, "0.1.0")


@pytest.fixture
def old(tmp_path: Path) -> Build:
    return unpacked(tmp_path / "old", b"old")


@pytest.fixture
def new(tmp_path: Path) -> Build:
    return unpacked(tmp_path / "new", b"new")


def test_the_start_path_stays_and_leads_to_the_newest(
    old: Build, new: Build, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    paths = {put(old, home), put(new, home)}
    assert paths == {start_path(home)}
    assert start_path(home).read_bytes() == b"new"
    assert (
        start_path(home).resolve().parent / "_internal/lib/libtorrent.so"
    ).read_bytes() == b"new"
    assert start_path(home).stat().st_mode & 0o111


def test_installing_again_copies_nothing(
    old: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(old, tmp_path / "home")
    monkeypatch.setattr(copying, "_copy", lambda *_: pytest.fail("it was copied again"))
    put(old, tmp_path / "home")


@pytest.mark.parametrize("deed", ["copytree", "copy"])
def test_a_copy_that_fails_leaves_the_old_one(
    old: Build, new: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    home = tmp_path / "home"
    put(old, home)

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, deed, fail)
    with pytest.raises(FolderError, match="the disk is full"):
        put(new, home)
    assert start_path(home).read_bytes() == b"old"


def test_tidying_leaves_what_runs_and_what_is_newest(
    old: Build, new: Build, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    running = put(old, home).resolve()
    put(new, home)
    (home / ".app-0.1.0-half.1.draft").mkdir()
    tidy(home, running)
    assert len(list(home.glob("app-*"))) == 2
    tidy(home, start_path(home))
    assert [folder.name for folder in home.glob("*app-*")] == [new.name]
