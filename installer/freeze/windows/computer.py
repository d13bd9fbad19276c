"""The Windows computer that is none: Wine, a Windows Python, and the start code for Windows."""

from typing import TextIO

from installer.freeze.computer import Computer
from installer.freeze.tools import Report
from installer.freeze.windows import wine
from installer.freeze.windows.python import PROGRAM, windows_python
from installer.freeze.windows.start_code import windows_start_code
from installer.freeze.windows.starter import starter


def windows_computer(report: Report, log: TextIO) -> Computer:
    """All that freezing for Windows needs, made and kept in `.cache/` the first time."""
    return Computer(
        platform="windows",
        python=windows_python(report, log) / PROGRAM,
        start_code=windows_start_code(report, log),
        launcher=wine.launcher(),
        environment=wine.environment(wine.prefix(report, log)),
        starter=starter(report, log),
    )
