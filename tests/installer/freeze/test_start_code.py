"""The start code is PyInstaller's own with one change, or there is none."""

import io
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from installer.bundle import bound
from installer.bundle.template import Template
from installer.freeze import start_code, tools
from installer.freeze.start_code import StartCodeError


def test_the_frozen_program_starts_with_it(frozen: Template) -> None:
    assert frozen.is_bounded or sys.platform == "darwin"


def test_is_built_once(frozen: Template) -> None:
    steps: list[str] = []
    folder = start_code.start_code(steps.append, io.StringIO())
    assert steps == []
    found = bound.find((folder / start_code._names()[0]).read_bytes())
    assert found is not None
    assert found.end == 0


def test_another_change_needs_another_build(monkeypatch: pytest.MonkeyPatch) -> None:
    before = start_code.fingerprint("linux")
    monkeypatch.setattr(start_code, "_pinned", lambda: "99.0")
    assert start_code.fingerprint("linux") != before


def test_refuses_sources_that_search_in_another_way(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "pyi_utils.c").write_text("uint64_t\nsomething_else(FILE *fp);\n")
    with pytest.raises(StartCodeError, match="in another way"):
        start_code._change(tmp_path)


def test_builds_the_version_that_is_installed(tmp_path: Path) -> None:
    first, *hashes = tools.pins_of("pyinstaller", tmp_path).read_text().splitlines()
    assert first.startswith(f"pyinstaller=={version('pyinstaller')} ")
    assert hashes
    assert all(line.strip().startswith("--hash=sha256:") for line in hashes)


def test_says_what_it_needs_when_nothing_can_build_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start_code, "_waf", lambda *arguments: False)
    monkeypatch.setattr(tools, "zig", lambda *arguments: (tmp_path / "zig", {}))
    with pytest.raises(StartCodeError, match="C compiler such as gcc"):
        start_code._build(tmp_path, lambda step: None, io.StringIO())
