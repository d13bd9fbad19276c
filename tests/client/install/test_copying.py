"""The installed copy: old or new at every moment, never half."""

import shutil
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest

from client.errors import FolderError
from client.install import copying
from client.install.copying import PROGRAM, Build, current_folder, put, start_path, tidy


def unpacked(folder: Path, content: bytes) -> Build:
    (folder / "lib").mkdir(parents=True)
    (folder / "lib/libtorrent.so").write_bytes(content)
    (folder / PROGRAM).write_bytes(content)
    (folder / "starter.exe").write_bytes(b"starter")
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
    (home / ".current.1.draft").symlink_to("nowhere")
    (home / ".passalong-0123456789abcdef.draft").touch()
    tidy(home, start_path(home))
    assert {path.name for path in home.iterdir()} == {new.name, PROGRAM}


@pytest.fixture
def no_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows."""
    monkeypatch.setattr(copying, "sys", SimpleNamespace(platform="win32"))


@pytest.mark.usefixtures("no_links")
class TestWithoutLinks:
    """The start path is a program that reads where the newest copy is."""

    def test_the_start_path_stays_and_what_it_reads_leads_to_the_newest(
        self, old: Build, new: Build, tmp_path: Path
    ) -> None:
        home = tmp_path / "home"
        for build in (old, new):
            program = put(build, home)
            assert program.read_bytes() == b"starter"
            assert current_folder(home) == home / build.name
        assert (home / new.name / PROGRAM).read_bytes() == b"new"

    def test_an_installation_of_the_layout_before_gets_it(self, old: Build, tmp_path: Path) -> None:
        home = tmp_path / "home"
        put(old, home).unlink()
        copying.note_finished(old, home)
        assert not copying.is_finished(old, home)
        put(old, home)
        assert copying.is_finished(old, home)

    @pytest.mark.parametrize("gone", [PROGRAM, "_internal"])
    def test_a_copy_of_which_something_is_gone_is_installed_again(
        self, old: Build, tmp_path: Path, gone: str
    ) -> None:
        home = tmp_path / "home"
        put(old, home)
        copying.note_finished(old, home)
        path = home / old.name / gone
        path.rename(tmp_path / "quarantine")
        assert not copying.is_finished(old, home)
        put(old, home)
        assert copying.is_finished(old, home)

    def test_who_still_starts_a_removed_copy_gets_the_newest(
        self, old: Build, new: Build, tmp_path: Path
    ) -> None:
        home = tmp_path / "home"
        for build in (old, new):
            put(build, home)
        for _again in range(2):
            tidy(home, home / new.name / PROGRAM)
            assert (home / old.name / PROGRAM).read_bytes() == b"starter"
        assert [path.name for path in (home / old.name).iterdir()] == [PROGRAM]
        assert sorted(home.glob(".*")) == []

    def test_a_removed_copy_can_be_installed_again(
        self, old: Build, new: Build, tmp_path: Path
    ) -> None:
        home = tmp_path / "home"
        for build in (old, new):
            put(build, home)
        tidy(home, home / new.name / PROGRAM)
        put(old, home)
        assert (current_folder(home) / PROGRAM).read_bytes() == b"old"

    def test_a_starter_in_use_stays(
        self, old: Build, new: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        home = tmp_path / "home"
        put(old, home)

        def refuse(*_: object) -> None:
            raise FolderError("in use")

        monkeypatch.setattr(copying, "_put_starter", refuse)
        put(new, home)
        assert current_folder(home) == home / new.name
