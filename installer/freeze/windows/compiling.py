"""Compiling C for 64-bit Windows, with the universal C runtime that Windows 10 and later have."""

from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from installer.freeze import tools
from installer.freeze.tools import Report, ToolError

_OPTIONS = ("-target", "x86_64-windows-gnu", "-O2", "-s")


def compile_(words: Sequence[str | Path], folder: Path, report: Report, log: TextIO) -> None:
    """Run the compiler, which the first time makes its own libraries, and that takes long."""
    program, environment = tools.zig(report, log)
    report("compiling for Windows, the first time two minutes")
    if tools.run([program, "cc", *_OPTIONS, *words], folder, log, environment):
        raise ToolError("The compiler could not make a program for Windows.")
