"""`manage.py templates` says what is handed out, and takes nothing that would not work."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from installer.bundle import bound
from installer.bundle.template import inspect, newest
from tests.installer.conftest import sham_program


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("templates", *arguments, stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture
def new(tmp_path: Path) -> Path:
    path = tmp_path / "Passalong-0.2.0-linux"
    path.write_bytes(sham_program())
    return path


def test_says_that_there_are_none(programs: Path) -> None:
    assert "make client" in said()


def test_lists_all_with_the_newest_of_a_platform_first(programs: Path, new: Path) -> None:
    for name in ("Passalong-0.9.0-linux", "Passalong-0.10.0-linux", "Passalong-0.1.0-windows.exe"):
        (programs / name).write_bytes(sham_program())
    rows = [line.split() for line in said().splitlines()]
    assert [row[:2] for row in rows[1:]] == [
        ["windows", "0.1.0"],
        ["linux", "0.10.0"],
        ["linux", "0.9.0"],
    ]
    assert rows[1][2] == f"{len(sham_program()):,}"
    assert len(rows[1][-1]) == 64


def test_lists_why_a_file_is_not_handed_out(programs: Path) -> None:
    (programs / "Passalong-0.1.0-linux").write_bytes(b"half copied")
    assert "not a program made by PyInstaller" in said()


def test_adds_a_program(programs: Path, new: Path) -> None:
    assert "0.2.0" in said("add", str(new))
    found = newest(programs, "linux")
    assert found is not None
    assert found.path == programs / new.name
    assert [path.name for path in programs.iterdir()] == [new.name]


def test_warns_of_a_program_that_would_run_a_strangers_archive(programs: Path, new: Path) -> None:
    assert "anybody can make it run another program" in said("add", str(new))
    end = bound.MARK + (len(bound.MARK) + 8 + inspect(new).archive_end).to_bytes(8, "little")
    new.write_bytes(end + sham_program())
    assert "another program" not in said("add", str(new))


def test_says_when_a_newer_one_is_handed_out(programs: Path, new: Path) -> None:
    (programs / "Passalong-0.3.0-linux").write_bytes(sham_program())
    assert "still get the newer Passalong-0.3.0-linux" in said("add", str(new))


def test_refuses_what_cannot_carry_anything(programs: Path, new: Path) -> None:
    new.write_bytes(b"something else")
    with pytest.raises(CommandError, match="not a program made by PyInstaller"):
        said("add", str(new))
    assert list(programs.iterdir()) == []


def test_refuses_what_is_not_there(programs: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        said("add", str(tmp_path / "Passalong-1.0.0-linux"))


def test_tidies_away_what_a_newer_one_has_replaced(programs: Path) -> None:
    for name in ("Passalong-0.9.0-linux", "Passalong-0.10.0-linux", "Passalong-0.1.0-windows.exe"):
        (programs / name).write_bytes(sham_program())
    assert said("tidy") == "Deleted Passalong-0.9.0-linux.\n"
    assert len(list(programs.iterdir())) == 2
    assert "no program that a newer one has replaced" in said("tidy")
