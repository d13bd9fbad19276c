"""Making the Windows client begins with what this computer has, and says what is missing."""

import os
import sys
from pathlib import Path

import pytest

from installer.errors import PassalongError
from installer.freeze import __main__ as command
from installer.freeze.tools import ToolError
from installer.freeze.windows import needs, python, start_code
from installer.freeze.windows.exports import exports
from tests.installer import windows


def test_names_the_packages_that_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(python, "TCL_SCRIPTS", tmp_path)
    monkeypatch.setattr(sys, "version_info", (3, 11, 9, "final", 0))
    arguments = ["--platform", "windows", "--templates", str(tmp_path / "templates")]
    assert command.main(arguments) == 1
    assert "apt-get install wine wine64 libtcl8.6 libtk8.6" in capsys.readouterr().err
    assert os.listdir(tmp_path) == []  # noqa: PTH208


def test_needs_the_python_whose_library_it_takes_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 13, 1, "final", 0))
    with pytest.raises(PassalongError, match=r"needs Python 3\.11.*this is Python 3\.13"):
        needs.check_computer()


def test_refuses_sources_that_unpack_in_another_way(tmp_path: Path) -> None:
    (tmp_path / "source.c").write_text("something else")
    with pytest.raises(ToolError, match="no longer unpacks"):
        start_code._change(tmp_path / "source.c")


def test_refuses_a_library_that_is_none() -> None:
    for program in (b"", b"MZ", bytes(2_000), windows.start_code()[:3_000]):
        with pytest.raises(ToolError, match="cannot be read"):
            exports(program)


def test_gets_nothing_that_is_not_pinned() -> None:
    for name in ("packages.txt", "python.txt"):
        lines = Path(python.__file__).with_name(name).read_text().splitlines()
        entries = [line for line in lines if line and not line.lstrip().startswith(("#", "--hash"))]
        assert all("==" in line and line.endswith("\\") for line in entries)
