"""Only a whole, plain program made by PyInstaller can be a template."""

import logging
import os
from hashlib import sha256
from pathlib import Path

import pytest

from installer.bundle import template
from installer.bundle.cookie import COOKIE_MAGIC
from installer.errors import TemplateError
from installer.formats import payload
from tests.installer.conftest import sham_program
from tests.installer.examples import DOWNLOAD, KEY


def test_says_what_a_template_is(template_file: Path) -> None:
    data = template_file.read_bytes()
    found = template.inspect(template_file)
    assert (found.platform, found.version, found.size) == ("linux", "0.1.0", len(data))
    assert found.sha256 == sha256(data).hexdigest()
    assert found.cookie.offset == data.rindex(COOKIE_MAGIC)


@pytest.mark.parametrize("shift", range(-9, 10))
def test_finds_a_cookie_across_the_border_of_two_reads(template_file: Path, shift: int) -> None:
    cookie = sham_program(0)[4:]
    template_file.write_bytes(bytes((1 << 20) + shift) + cookie)
    assert template.inspect(template_file).cookie.offset == (1 << 20) + shift


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a program made by PyInstaller"),
        (bytes(100_000), "not a program made by PyInstaller"),
        (bytes(10) + COOKIE_MAGIC, "damaged"),
        (COOKIE_MAGIC + b"\xff" * 80, "damaged"),
        (sham_program(0)[4:], "damaged"),
        (sham_program() + payload.write(DOWNLOAD, KEY), "already carries a payload"),
    ],
    ids=["empty", "zeros", "cut off", "too long", "nothing before", "payload"],
)
def test_refuses_what_would_not_run(template_file: Path, data: bytes, reason: str) -> None:
    template_file.write_bytes(data)
    with pytest.raises(TemplateError, match=reason):
        template.inspect(template_file)


@pytest.mark.parametrize(
    "name",
    [
        "Passalong",
        "Passalong-0.1.0",
        "Passalong-0.1.0-amiga",
        "Passalong-0.1.0-windows",
        "Passalong-0.1.0-linux.exe",
        "passalong-0.1.0-linux",
        "Passalong-1-linux",
        "x",
    ],
)
def test_refuses_another_name(template_file: Path, name: str) -> None:
    path = template_file.rename(template_file.with_name(name))
    with pytest.raises(TemplateError, match="is not named like Passalong-1"):
        template.inspect(path)


def test_says_that_a_file_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="No such file"):
        template.inspect(tmp_path / "Passalong-0.1.0-linux")


def test_the_newest_is_that_of_the_highest_number(tmp_path: Path) -> None:
    for name in ["0.9.0-linux", "0.10.0-linux", "0.2.0-linux", "1.0.0-windows.exe"]:
        (tmp_path / f"Passalong-{name}").write_bytes(sham_program())
    newest = template.newest(tmp_path, "linux")
    assert newest is not None
    assert newest.version == "0.10.0"
    assert template.newest(tmp_path, "macos") is None


def test_no_folder_has_no_template(tmp_path: Path) -> None:
    assert template.newest(tmp_path / "nowhere", "linux") is None


def test_passes_over_what_cannot_be_used(
    template_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    template_file.with_name("Passalong-0.2.0-linux").write_bytes(b"half copied")
    with caplog.at_level(logging.WARNING):
        newest = template.newest(template_file.parent, "linux")
    assert newest is not None
    assert newest.version == "0.1.0"
    assert "Passalong-0.2.0-linux cannot carry a payload" in caplog.text


def test_reads_a_file_again_only_when_it_has_changed(
    template_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = template.newest(template_file.parent, "linux")
    monkeypatch.setattr(template, "inspect", lambda path: pytest.fail("it was read again"))
    assert template.newest(template_file.parent, "linux") == first
    monkeypatch.undo()
    os.utime(template_file, ns=(1, 1))
    changed = template.newest(template_file.parent, "linux")
    assert changed is not None
    assert changed.modified_ns == 1


def test_names_this_platform_as_bundles_do() -> None:
    assert template.this_platform() in template.PLATFORMS
