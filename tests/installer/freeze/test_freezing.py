"""The recipe makes a program that runs, and leaves nothing but that program, or the old one."""

import subprocess
import sys
from pathlib import Path

import pytest

from installer import VERSION
from installer.bundle.template import Template, this_platform
from installer.freeze import __main__ as command
from installer.freeze import freezing


def test_the_program_says_its_version(frozen: Template) -> None:
    finished = subprocess.run([str(frozen.path), "--version"], capture_output=True, text=True)
    assert VERSION in finished.stdout


def test_leaves_nothing_but_the_program(frozen: Template) -> None:
    assert [path.name for path in frozen.path.parent.iterdir()] == [frozen.path.name]


def test_does_nothing_when_the_program_is_there(
    frozen: Template, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--templates", str(frozen.path.parent), "--if-missing"]
    assert command.main(arguments) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(sys.platform != "linux", reason="only there PyInstaller calls other programs")
def test_a_missing_tool_is_named_with_the_package_that_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert command.main(["--templates", str(tmp_path / "templates")]) == 1
    assert "apt-get install binutils" in capsys.readouterr().err


def test_a_failure_shows_the_end_of_the_log_and_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    templates = tmp_path / "templates"
    monkeypatch.setattr(command, "freeze", lambda folder, report: broken_freeze(folder))
    assert command.main(["--templates", str(templates)]) == 1
    said = capsys.readouterr().err
    assert str(templates / freezing.LOG_NAME) in said
    assert "there-is-no-such-script.py" in said
    assert not freezing.is_up_to_date(templates, this_platform())
    assert [path.name for path in templates.iterdir()] == [freezing.LOG_NAME]


def broken_freeze(folder: Path) -> Template:
    script = folder.parent / "there-is-no-such-script.py"
    return freezing.freeze(folder, lambda step: None, script)
