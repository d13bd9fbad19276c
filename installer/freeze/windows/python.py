"""A Windows Python put together on Linux, with PyInstaller and what the client needs.

Python's own DLLs and Tcl/Tk's come from the panda3d package, the packages from their Windows
wheels, the standard library from the Python that runs this, Tcl's scripts from Debian. Only
`python.exe` and `python3.dll`, which lead to Python's DLL, are compiled here.
"""

import re
import shutil
import sys
import sysconfig
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import TextIO
from zipfile import ZipFile

from installer.freeze import tools
from installer.freeze.tools import Report, ToolError
from installer.freeze.windows.compiling import compile_
from installer.freeze.windows.exports import module_definition

VERSION = (3, 11)
TCL_SCRIPTS = Path("/usr/share/tcltk")
PROGRAM = "python.exe"

_HERE = Path(__file__).parent
_DLL = "python311.dll"
_WHEELS = ["--platform", "win_amd64", "--python-version", "3.11", "--implementation", "cp"]
_WHEELS += ["--only-binary=:all:", "--no-deps", "--quiet"]
# Microsoft's runtime stands beside python.exe, where Windows looks first.
_BESIDE = re.compile(r"(python311|vcruntime140\w*|msvcp140\w*)\.dll", re.IGNORECASE)
_IN_LIBRARY = re.compile(r"[^/]+\.(pyd|dll)", re.IGNORECASE)
# Windows has these itself.
_OF_WINDOWS = re.compile(r"api-ms-win-.*", re.IGNORECASE)
_NOT_COPIED = ("site-packages", "dist-packages", "lib-dynload", "test", "config-*", "__pycache__")
_SCRIPTS = {"tcl8.6": ("init.tcl", "Tcl", "tcl86t.dll"), "tk8.6": ("tk.tcl", "Tk", "tk86t.dll")}


def windows_python(report: Report, log: TextIO) -> Path:
    """The folder with the Windows Python, put together if it is not there yet."""
    home = tools.CACHE / f"windows-python-{_fingerprint()}"
    if home.is_dir():
        return home
    tools.CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".python-", dir=tools.CACHE) as name:
        workplace = Path(name)
        draft = workplace / "python"
        report("fetching Python for Windows, 70 MB")
        _take_libraries(_unpacked(workplace, log), draft)
        report("putting Python for Windows together")
        _copy_standard_library(draft / "Lib")
        packages = ["install", *_WHEELS, "--target", str(draft / "Lib" / "site-packages")]
        tools.pip(packages, _HERE / "packages.txt", workplace, log)
        _copy_scripts(draft)
        _compile(draft, workplace, report, log)
        draft.rename(home)
    return home


def _fingerprint() -> str:
    parts = [sys.version, *(path.read_text("utf-8") for path in sorted(_HERE.glob("python*")))]
    return sha256("\n".join([*parts, (_HERE / "packages.txt").read_text()]).encode()).hexdigest()[
        :20
    ]


def _unpacked(workplace: Path, log: TextIO) -> Path:
    wheels, unpacked = workplace / "wheels", workplace / "unpacked"
    tools.pip(["download", *_WHEELS, "-d", str(wheels)], _HERE / "python.txt", workplace, log)
    for wheel in wheels.glob("*.whl"):
        with ZipFile(wheel) as packed:
            packed.extractall(unpacked)
    return unpacked


def _take_libraries(unpacked: Path, home: Path) -> None:
    library = home / "DLLs"
    library.mkdir(parents=True)
    runtime = sorted(unpacked.glob("msvc_runtime-*.data/data/**/*.dll"))
    own = sorted((unpacked / "deploy_libs").iterdir())
    for path in own:
        if _IN_LIBRARY.fullmatch(path.name) and not _OF_WINDOWS.fullmatch(path.name):
            shutil.copyfile(path, library / path.name)
    # Microsoft's come last: panda3d's runtime is an older one.
    for path in [*own, *runtime]:
        if _BESIDE.fullmatch(path.name):
            (library / path.name).unlink(missing_ok=True)
            shutil.copyfile(path, home / path.name.lower())
    if not (home / _DLL).is_file():
        raise ToolError(f"The panda3d package no longer carries {_DLL}.")


def _copy_standard_library(folder: Path) -> None:
    source = sysconfig.get_path("stdlib")
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns(*_NOT_COPIED))


def _copy_scripts(home: Path) -> None:
    """Tcl's scripts want to be of the very version of its DLL; between 8.6.x they are the same."""
    for folder, (script, name, library) in _SCRIPTS.items():
        target = home / "tcl" / folder
        shutil.copytree(TCL_SCRIPTS / folder, target)
        version = re.search(rb"8\.6\.\d+", (home / "DLLs" / library).read_bytes())
        assert version is not None
        path = target / script
        line = rf"(package require -exact {name}\s+)8\.6\.\d+"
        text, count = re.subn(line, rf"\g<1>{version[0].decode()}", path.read_text("utf-8"))
        if count != 1:
            raise ToolError(f"{TCL_SCRIPTS / folder / script} does not name its version.")
        path.write_text(text, "utf-8")


def _compile(home: Path, workplace: Path, report: Report, log: TextIO) -> None:
    definition = workplace / "python3.def"
    definition.write_text(module_definition(home / _DLL))
    forwarder: list[str | Path] = ["-shared", "-nostdlib", definition, _HERE / "python3.c"]
    programs: list[list[str | Path]] = [
        ["-municode", _HERE / "python.c", "-o", home / PROGRAM],
        [*forwarder, "-o", home / "python3.dll"],
    ]
    for words in programs:
        compile_(words, workplace, report, log)
