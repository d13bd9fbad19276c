"""An app for macOS carries its payload as one more file in its zip. No Mac was at hand."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from installer.bundle import template
from installer.bundle.app import PAYLOAD_FILE
from installer.bundle.joining import join
from installer.bundle.reading import read_payload
from installer.bundle.template import Template, inspect
from installer.errors import PayloadError, TemplateError
from installer.formats import payload
from installer.freeze import packing
from tests.installer.conftest import sham_program
from tests.installer.examples import DOWNLOAD, KEY, carried

ARCHIVE = template.file_name("0.1.0", "macos")
PROGRAM = "Passalong.app/Contents/MacOS/Passalong"
RECORD = payload.write(DOWNLOAD, KEY)

# As codesign writes them into Contents/_CodeSignature/CodeResources: what the seal leaves out.
LEFT_OUT = r"^Resources/.*\.lproj/locversion.plist$"


@pytest.fixture
def packed(tmp_path: Path) -> Template:
    """An app around a file that looks like a program."""
    program = tmp_path / "program"
    program.write_bytes(sham_program())
    packing.pack(program, "0.1.0", tmp_path / ARCHIVE)
    return inspect(tmp_path / ARCHIVE)


def unpacked(data: bytes, folder: Path) -> Path:
    """The program, after another program than ours has unpacked the zip."""
    archive = folder / "download.zip"
    archive.write_bytes(data)
    command = ["unzip", "-q", str(archive), "-d", str(folder)]
    finished = subprocess.run(command, capture_output=True, text=True)
    assert (finished.returncode, finished.stderr) == (0, "")
    return folder / PROGRAM


def whole(chosen: Template) -> bytes:
    return b"".join(join(chosen, DOWNLOAD, KEY).chunks())


def test_the_unpacked_program_finds_its_payload(packed: Template, tmp_path: Path) -> None:
    program = unpacked(whole(packed), tmp_path)
    assert program.read_bytes() == sham_program()
    assert carried(program) == DOWNLOAD


def test_a_program_in_such_a_folder_runs(frozen: Template, tmp_path: Path) -> None:
    packing.pack(frozen.path, "0.1.0", tmp_path / ARCHIVE)
    program = unpacked(whole(inspect(tmp_path / ARCHIVE)), tmp_path)
    finished = subprocess.run([program], capture_output=True, text=True, timeout=60)
    assert finished.stdout == "the real program carries Download\n"


def test_only_what_follows_the_files_changes(packed: Template, tmp_path: Path) -> None:
    bundle = join(packed, DOWNLOAD, KEY)
    (tmp_path / "bundle.zip").write_bytes(whole(packed))
    assert whole(packed).startswith(packed.path.read_bytes()[: bundle.border])
    with ZipFile(packed.path) as before, ZipFile(tmp_path / "bundle.zip") as after:
        name = f"Passalong.app/{PAYLOAD_FILE}"
        assert after.namelist() == [*before.namelist(), name]
        assert after.testzip() is None
        assert after.read(name) == RECORD


def test_apples_seal_leaves_the_payload_out() -> None:
    assert re.search(LEFT_OUT, PAYLOAD_FILE.removeprefix("Contents/"))


def test_a_plain_app_carries_nothing(packed: Template, tmp_path: Path) -> None:
    assert read_payload(unpacked(packed.path.read_bytes(), tmp_path)) is None


@pytest.mark.parametrize("damaged", [b"", RECORD[:-1], RECORD + b"\n", bytes(2_000_000)])
def test_says_that_a_payload_is_damaged(packed: Template, tmp_path: Path, damaged: bytes) -> None:
    program = unpacked(whole(packed), tmp_path)
    (tmp_path / "Passalong.app" / PAYLOAD_FILE).write_bytes(damaged)
    with pytest.raises(PayloadError, match="download it again from the site"):
        read_payload(program)


def rewritten(archive: Path, change: Callable[[ZipFile, ZipFile], None]) -> None:
    old = archive.rename(archive.with_name("old"))
    with ZipFile(old) as before, ZipFile(archive, "w") as after:
        change(before, after)


def without_program(before: ZipFile, after: ZipFile) -> None:
    after.writestr("Passalong.app/Contents/Info.plist", b"")


def with_two_programs(before: ZipFile, after: ZipFile) -> None:
    after.writestr(before.getinfo(PROGRAM), b"")
    after.writestr(f"{PROGRAM}-2", b"")


def not_marked(before: ZipFile, after: ZipFile) -> None:
    after.writestr(PROGRAM, before.read(PROGRAM))


def of_something_else(before: ZipFile, after: ZipFile) -> None:
    after.writestr(before.getinfo(PROGRAM), b"something else")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (without_program, "not one app"),
        (with_two_programs, "not one app"),
        (not_marked, "not marked"),
        (of_something_else, "not a program made by PyInstaller"),
    ],
)
def test_refuses_another_content(
    packed: Template, change: Callable[[ZipFile, ZipFile], None], reason: str
) -> None:
    rewritten(packed.path, change)
    with pytest.raises(TemplateError, match=reason):
        inspect(packed.path)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda data: b"", "not a zip"),
        (lambda data: data[:-1], "not a zip"),
        (lambda data: data + b"\0", "not a zip"),
        (lambda data: b"\0" + data, "does not belong to it"),
        (lambda data: data[:5000] + bytes([data[5000] ^ 1]) + data[5001:], "damaged"),
        (lambda data: data[:-14] + b"\xff\xff\xff\xff" + data[-10:], "unknown kind"),
    ],
    ids=["empty", "cut off", "longer", "shifted", "flipped", "zip64"],
)
def test_refuses_a_damaged_zip(
    packed: Template, damage: Callable[[bytes], bytes], reason: str
) -> None:
    packed.path.write_bytes(damage(packed.path.read_bytes()))
    with pytest.raises(TemplateError, match=reason):
        inspect(packed.path)


def test_refuses_one_that_already_carries_a_payload(packed: Template) -> None:
    packed.path.write_bytes(whole(packed))
    with pytest.raises(TemplateError, match="already carries"):
        inspect(packed.path)


def test_the_same_program_gives_the_same_zip(packed: Template, tmp_path: Path) -> None:
    packing.pack(tmp_path / "program", "0.1.0", tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == packed.path.read_bytes()
