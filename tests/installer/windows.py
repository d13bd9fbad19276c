"""A Windows program made by PyInstaller, put together on any computer for the tests.

Its start code is that of the wheel for Windows of the very PyInstaller that we pin. Getting that
wheel needs the package registry once; after that it stays in `.cache/`.
"""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from zipfile import ZipFile

from tests.installer.conftest import sham_program

_ROOT = Path(__file__).parents[2]
_START_CODE = "PyInstaller/bootloader/Windows-64bit-intel/run.exe"


def unsigned_program() -> bytes:
    """The start code and an archive without content that would run."""
    return start_code() + sham_program(200_000)


def start_code() -> bytes:
    with ZipFile(_wheel()) as wheel:
        return wheel.read(_START_CODE)


def _wheel() -> Path:
    pinned = version("pyinstaller")
    folder = _ROOT / ".cache" / f"pyinstaller-{pinned}-windows"
    wheels = list(folder.glob("*.whl"))
    return wheels[0] if wheels else _fetch(pinned, folder)


def _fetch(pinned: str, folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--platform", "win_amd64", "--only-binary=:all:", f"pyinstaller=={pinned}"]
    finished = subprocess.run([*command, "-d", str(folder)], capture_output=True, text=True)
    wheels = list(folder.glob("*.whl"))
    assert wheels, (
        f"These tests need PyInstaller {pinned} for Windows, and the package registry did not "
        f"give it: {finished.stderr.strip()[-300:]}"
    )
    return wheels[0]
