"""Freezing the client: PyInstaller in a temporary folder, a trial run, then one move into place."""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from installer import VERSION
from installer.bundle import bound
from installer.bundle.template import Template, file_name, inspect
from installer.errors import PassalongError, TemplateError
from installer.freeze.computer import Computer, Prepare, this_computer
from installer.freeze.packing import pack
from installer.freeze.signing import sign
from installer.freeze.tools import Report, ToolError

ROOT = Path(__file__).resolve().parents[2]
ENTRY = ROOT / "client" / "__main__.py"
LOG_NAME = "freeze.log"

_HERE = Path(__file__).parent
_TRIAL_SECONDS = 120

# PyInstaller calls these on Linux, and they are not part of every system.
_TOOLS = ("objcopy", "objdump")

# The words of PyInstaller's log with which a step begins, and what a person calls the step.
_STEPS = {
    "Analyzing ": "looking for what it needs",
    "Looking for dynamic libraries": "collecting libraries",
    "Building PYZ": "packing modules",
    "Building PKG": "packing libraries",
    "Building EXE": "writing the program",
}


class FreezeError(PassalongError):
    """The client could not be made into one program."""

    def __init__(self, message: str, log: Path) -> None:
        super().__init__(message)
        self.log = log


def is_up_to_date(templates: Path, platform: str) -> bool:
    """Whether this version for a platform is there and can carry a payload."""
    try:
        found = inspect(templates / file_name(VERSION, platform))
    except TemplateError:
        return False
    # One without bound was frozen before there was such a thing.
    return found.is_bounded or found.platform == "macos"


def has_tkinter() -> bool:
    """Whether the program can get a window: some systems sell Python without it."""
    return importlib.util.find_spec("_tkinter") is not None


def freeze(
    templates: Path,
    report: Report,
    entry: Path = ENTRY,
    prepare: Prepare = this_computer,
    log_name: str = LOG_NAME,
) -> Template:
    """Make the template of a platform; `report` is told each step that begins."""
    _check_tools()
    templates = templates.resolve()  # PyInstaller runs in another folder.
    templates.mkdir(parents=True, exist_ok=True)
    log = templates / log_name
    # Inside the folder of templates, so that the last step is a move on one file system.
    with (
        log.open("w", encoding="utf-8", errors="replace") as log_file,
        tempfile.TemporaryDirectory(prefix=".freezing-", dir=templates) as workplace,
    ):
        computer = _prepared(prepare, log, report, log_file)
        freezing = _Freezing(computer, Path(workplace), entry, report, log, log_file)
        program = freezing.carrier(freezing.installed())
        report("trying it")
        freezing.try_(program)
        made = freezing.download(program)
        inspect(made)
        path = made.replace(templates / made.name)
    log.unlink()
    return inspect(path)


def _check_tools() -> None:
    missing = [tool for tool in _TOOLS if sys.platform == "linux" and not shutil.which(tool)]
    if missing:
        raise PassalongError(
            f"Freezing the client needs {' and '.join(missing)}. "
            "On Debian and Ubuntu this mends it: sudo apt-get install binutils"
        )


def _prepared(prepare: Prepare, log: Path, report: Report, log_file: TextIO) -> Computer:
    try:
        return prepare(report, log_file)
    except (ToolError, OSError, subprocess.SubprocessError) as error:
        raise FreezeError(str(error), log) from error


@dataclass(frozen=True, slots=True)
class _Freezing:
    """One client on its way: first the program that will be installed, then the one around it."""

    computer: Computer
    workplace: Path
    entry: Path
    report: Report
    log: Path
    log_file: TextIO

    @property
    def _name(self) -> str:
        return file_name(VERSION, self.computer.platform).removesuffix(".zip")

    def installed(self) -> Path:
        """The small program of the installed copy, with its libraries in a folder beside it."""
        self._pyinstaller()
        # A program that has its libraries beside it is only a part for PyInstaller.
        return self._finish(self.workplace / "work" / "passalong" / self._name)

    def carrier(self, installed: Path) -> Path:
        """The one file that visitors get, which brings the other along."""
        self._pyinstaller("--installed", installed, *self._starter())
        return self._finish(self.workplace / "made" / self._name)

    def _starter(self) -> list[str | Path]:
        if self.computer.starter is None:
            return []
        starter = Path(shutil.copy(self.computer.starter, self.workplace))
        self._sign(starter)
        return ["--starter", starter]

    def try_(self, program: Path) -> None:
        """The program has to say its version."""
        command = self.computer.command(program, "--version")
        try:
            trial = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_TRIAL_SECONDS,
                env=self._environment(),
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise FreezeError(f"The frozen program does not run: {error}.", self.log) from error
        self.log_file.write(f"$ {program.name} --version\n{trial.stdout}{trial.stderr}")
        if trial.returncode or VERSION not in trial.stdout:
            reason = f"The frozen program does not say that it is version {VERSION}."
            raise FreezeError(reason, self.log)

    def download(self, program: Path) -> Path:
        """What visitors download: the program itself, or the app with it for a Mac."""
        if self.computer.platform != "macos":
            return program
        archive = program.with_name(file_name(VERSION, self.computer.platform))
        pack(program, VERSION, archive)
        return archive

    def _pyinstaller(self, *options: str | Path) -> None:
        """Both programs have one name, so that the second time finds what the first has learned."""
        words: list[str | Path] = [_HERE / "passalong.spec", "--distpath", self.workplace / "made"]
        words += ["--workpath", self.workplace / "work", "--", "--entry", self.entry]
        words += ["--name", self._name, "--start-code", self.computer.start_code, *options]
        status = self._run(self.computer.command(self.computer.python, "-m", "PyInstaller", *words))
        if status:
            raise FreezeError(f"PyInstaller failed ({status}).", self.log)

    def _finish(self, made: Path) -> Path:
        """Tell the program where its archive ends. On macOS that would break Apple's own seal."""
        if not made.is_file():
            raise FreezeError("PyInstaller left no program behind.", self.log)
        if self.computer.platform != "macos":
            bound.write(made, inspect(made).archive_end)
        if self.computer.platform == "windows":
            self._sign(made)
        return made

    def _sign(self, made: Path) -> None:
        try:
            sign(made, self.log_file)
        except (ToolError, OSError, subprocess.SubprocessError) as error:
            raise FreezeError(str(error), self.log) from error

    def _run(self, command: list[str]) -> int:
        with subprocess.Popen(
            command,
            cwd=self.workplace,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        ) as pyinstaller:
            assert pyinstaller.stdout is not None
            for line in pyinstaller.stdout:
                self.log_file.write(line)
                _report_step(line, self.report)
        return pyinstaller.returncode

    def _environment(self) -> dict[str, str]:
        """The same sources give the same program: no clock and no random order of sets."""
        return {
            **os.environ,
            **self.computer.environment,
            "PYINSTALLER_CONFIG_DIR": str(self.workplace / "settings"),
            "PYTHONHASHSEED": "0",
            "SOURCE_DATE_EPOCH": "315532800",
        }


def _report_step(line: str, report: Report) -> None:
    for words, step in _STEPS.items():
        if f"INFO: {words}" in line:
            report(step)
