"""A program finds what the start code has left packed, in an archive made by PyInstaller itself."""

from pathlib import Path
from zipfile import ZIP_LZMA, ZipFile

import pytest
from PyInstaller.archive.writers import CArchiveWriter

from installer.bundle import bound, rest, template
from installer.errors import PayloadError

FILES = {"libtorrent/engine.so": bytes(range(256)) * 1_000, "certifi/cacert.pem": b"", "tk": b"tk"}


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """Start code with a bound, an archive with entries of both kinds, and a payload behind it."""
    packed, other = tmp_path / rest.NAME, tmp_path / "other"
    with ZipFile(packed, "w", ZIP_LZMA) as made:
        for name, content in FILES.items():
            made.writestr(name, content)
    other.write_bytes(b"of the start code")
    archive = tmp_path / "archive"
    entries = [("first", str(other), True, "x"), (rest.NAME, str(packed), False, "a")]
    CArchiveWriter(archive, [*entries, ("last", str(other), False, "z")], "libpython3.11.so.1.0")
    path = tmp_path / "Passalong-0.1.0-linux"
    path.write_bytes(b"\x7fELF" + bound.MARK + bytes(500) + archive.read_bytes())
    bound.write(path, template.inspect(path).archive_end)
    path.write_bytes(path.read_bytes() + b"~Passalong~payload~ ")
    return path


def unpacked(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_unpacks_what_was_left(program: Path, tmp_path: Path) -> None:
    rest.unpack(program, tmp_path / "folder")
    assert unpacked(tmp_path / "folder") == FILES


def test_leaves_alone_what_is_there_and_may_be_in_use(program: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "tk").write_bytes(b"in use")
    rest.unpack(program, folder)
    assert unpacked(folder) == FILES | {"tk": b"in use"}


def test_a_damaged_program_is_refused_with_a_sentence(program: Path, tmp_path: Path) -> None:
    content = program.read_bytes()
    place = content.index(b"certifi/cacert.pem")
    program.write_bytes(content[: place - 130] + bytes(50) + content[place - 80 :])
    with pytest.raises(PayloadError, match="damaged"):
        rest.unpack(program, tmp_path / "folder")


def test_a_program_that_does_not_know_its_archive_has_none(
    template_file: Path, tmp_path: Path
) -> None:
    rest.unpack(template_file, tmp_path / "folder")
    assert not (tmp_path / "folder").exists()
