"""Freezing the client: PyInstaller in a temporary folder, a trial run, then one move into place."""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from installer import VERSION
from installer.bundle import bound
from installer.bundle.template import Template, file_name, inspect, this_platform
from installer.errors import PassalongError, TemplateError
from installer.freeze.packing import pack
from installer.freeze.start_code import StartCodeError, start_code

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


def is_up_to_date(templates: Path) -> bool:
    """Whether this version for this platform is there and can carry a payload."""
    try:
        found = inspect(templates / file_name(VERSION, this_platform()))
    except TemplateError:
        return False
    # One without bound was frozen before there was such a thing.
    return found.is_bounded or found.platform == "macos"


def has_tkinter() -> bool:
    """Whether the program can get a window: some systems sell Python without it."""
    return importlib.util.find_spec("_tkinter") is not None


def freeze(templates: Path, report: Callable[[str], None], entry: Path = ENTRY) -> Template:
    """Make the template of this platform; `report` is told each step that begins."""
    _check_tools()
    templates = templates.resolve()  # PyInstaller runs in another folder.
    templates.mkdir(parents=True, exist_ok=True)
    name = file_name(VERSION, this_platform())
    log = templates / LOG_NAME
    # Inside the folder of templates, so that the last step is a move on one file system.
    with tempfile.TemporaryDirectory(prefix=".freezing-", dir=templates) as workplace:
        program = _build(Path(workplace), entry, name.removesuffix(".zip"), log, report)
        report("trying it")
        _bind(program)
        _try(program, log)
        made = _finished(program, name)
        inspect(made)
        made.replace(templates / name)
    log.unlink()
    return inspect(templates / name)


def _check_tools() -> None:
    missing = [tool for tool in _TOOLS if sys.platform == "linux" and not shutil.which(tool)]
    if missing:
        raise PassalongError(
            f"Freezing the client needs {' and '.join(missing)}. "
            "On Debian and Ubuntu this mends it: sudo apt-get install binutils"
        )


def _build(
    workplace: Path, entry: Path, name: str, log: Path, report: Callable[[str], None]
) -> Path:
    command = [sys.executable, "-m", "PyInstaller", str(_HERE / "passalong.spec")]
    command += ["--distpath", str(workplace / "made"), "--workpath", str(workplace / "work")]
    command += ["--", "--entry", str(entry), "--name", name]
    with log.open("w", encoding="utf-8") as log_file:
        command += ["--start-code", str(_start_code(log, log_file, report))]
        status = _run(command, workplace, log_file, report)
    if status:
        raise FreezeError(f"PyInstaller failed ({status}).", log)
    return workplace / "made" / name


def _start_code(log: Path, log_file: TextIO, report: Callable[[str], None]) -> Path:
    try:
        return start_code(report, log_file)
    except (StartCodeError, OSError, subprocess.TimeoutExpired) as error:
        raise FreezeError(str(error), log) from error


def _run(
    command: list[str], workplace: Path, log_file: TextIO, report: Callable[[str], None]
) -> int:
    with (
        subprocess.Popen(
            command,
            cwd=workplace,
            env=_environment(workplace),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        ) as pyinstaller,
    ):
        assert pyinstaller.stdout is not None
        for line in pyinstaller.stdout:
            log_file.write(line)
            _report_step(line, report)
    return pyinstaller.returncode


def _bind(made: Path) -> None:
    """Tell the program where its archive ends. On macOS that would break Apple's own seal."""
    if made.is_file() and sys.platform != "darwin":
        bound.write(made, inspect(made).archive_end)


def _finished(program: Path, name: str) -> Path:
    """What visitors download: the program itself, or the app with it for a Mac."""
    if sys.platform != "darwin":
        return program
    archive = program.with_name(name)
    pack(program, VERSION, archive)
    return archive


def _environment(workplace: Path) -> dict[str, str]:
    """The same sources give the same program: no clock and no random order of sets."""
    return os.environ | {
        "PYINSTALLER_CONFIG_DIR": str(workplace / "settings"),
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": "315532800",
    }


def _report_step(line: str, report: Callable[[str], None]) -> None:
    for words, step in _STEPS.items():
        if f"INFO: {words}" in line:
            report(step)


def _try(program: Path, log: Path) -> None:
    """The program has to say its version."""
    if not program.is_file():
        raise FreezeError("PyInstaller left no program behind.", log)
    command = [str(program), "--version"]
    try:
        trial = subprocess.run(command, capture_output=True, text=True, timeout=_TRIAL_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise FreezeError(f"The frozen program does not run: {error}.", log) from error
    with log.open("a", encoding="utf-8") as log_file:
        log_file.write(f"$ {program.name} --version\n{trial.stdout}{trial.stderr}")
    if trial.returncode or VERSION not in trial.stdout:
        raise FreezeError(f"The frozen program does not say that it is version {VERSION}.", log)
