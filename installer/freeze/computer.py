"""The computer that the client is frozen for, and how its programs are started on this one."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from installer.bundle.template import this_platform
from installer.freeze.start_code import start_code
from installer.freeze.tools import Report
from installer.freeze.windows.starter import starter


@dataclass(frozen=True, slots=True)
class Computer:
    platform: str
    python: Path
    """Python with PyInstaller and all that the client needs."""
    start_code: Path
    launcher: tuple[str, ...] = ()
    """What starts programs that are not for this computer."""
    environment: Mapping[str, str] = field(default_factory=dict)
    starter: Path | None = None
    """What starts the newest installed copy, where no link of the system can."""

    def command(self, program: Path, *arguments: str | Path) -> list[str]:
        """The words that start a program of that computer on this one."""
        words = [self._path(word) if isinstance(word, Path) else word for word in arguments]
        return [*self.launcher, str(program), *words]

    def _path(self, path: Path) -> str:
        """Wine shows our whole file system to its programs as a drive."""
        return "Z:" + str(path).replace("/", "\\") if self.launcher else str(path)


Prepare = Callable[[Report, TextIO], Computer]


def this_computer(report: Report, log: TextIO) -> Computer:
    """This one, with a start code of its own."""
    return Computer(
        this_platform(),
        Path(sys.executable),
        start_code(report, log),
        starter=starter(report, log) if sys.platform == "win32" else None,
    )
