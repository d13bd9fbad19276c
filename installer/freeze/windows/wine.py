"""Wine, which runs Windows programs here: where it keeps its own files, and how it is called."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TextIO

from installer.freeze import tools
from installer.freeze.tools import Report, ToolError

_PROGRAM = "wine"
_PREFIX_SECONDS = 300


def environment(prefix: Path) -> dict[str, str]:
    """What programs under Wine need to know. Nothing of theirs appears in our menus."""
    return {
        "WINEPREFIX": str(prefix),
        "WINEARCH": "win64",
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": "mscoree=;mshtml=;winemenubuilder.exe=",
    }


def prefix(report: Report, log: TextIO) -> Path:
    """The folder with Wine's drive C and registry, made once for each version of Wine."""
    home = tools.CACHE / f"wine-{_version()}"
    if home.is_dir():
        return home
    report("setting up Wine")
    tools.CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".wine-", dir=tools.CACHE) as name:
        draft = Path(name) / "prefix"
        settings = {**environment(draft), "HOME": name, "DISPLAY": ""}
        if tools.run([_PROGRAM, "wineboot", "--init"], Path(name), log, settings):
            raise ToolError("Wine could not be set up.")
        end(draft)
        _close_doors(draft)
        draft.rename(home)
    return home


def is_there() -> bool:
    """Whether Wine is installed."""
    return shutil.which(_PROGRAM) is not None


def end(prefix: Path) -> None:
    """End all that still runs there, and wait until its registry is written."""
    _serve(prefix, "--kill")
    wait(prefix)


def wait(prefix: Path) -> None:
    """Wait until all that runs there has ended, and its registry is written."""
    _serve(prefix, "--wait")


def launcher() -> tuple[str, ...]:
    """What stands before a Windows program to start it."""
    return (_PROGRAM,)


def _serve(prefix: Path, option: str) -> None:
    server = shutil.which("wineserver") or shutil.which("wineserver", path="/usr/lib/wine")
    if server is None:
        raise ToolError("Wine has no wineserver here.")
    settings = {**os.environ, **environment(prefix)}
    subprocess.run([server, option], env=settings, check=False, timeout=_PREFIX_SECONDS)


def _close_doors(prefix: Path) -> None:
    """Programs there have folders of their own for documents and downloads, not ours."""
    for path in (prefix / "drive_c" / "users").glob("*/*"):
        if path.is_symlink():
            path.unlink()
            path.mkdir()


def _version() -> str:
    finished = subprocess.run(
        [_PROGRAM, "--version"], capture_output=True, text=True, timeout=_PREFIX_SECONDS
    )
    words = finished.stdout.removeprefix("wine-").split()
    if not words:
        raise ToolError(f"Wine does not start: {finished.stderr.strip()[-300:]}")
    return words[0]
