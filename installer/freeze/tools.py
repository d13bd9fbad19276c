"""What freezing needs and does not carry along: pinned packages, and a compiler for every system.

What is fetched stays in `.cache/`.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TextIO

from installer.errors import PassalongError

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
SECONDS = 900

Report = Callable[[str], None]
NO_CHANGE: Mapping[str, str] = MappingProxyType({})

_COMPILER = Path(__file__).with_name("compiler.txt")


class ToolError(PassalongError):
    """Something that freezing needs could not be had."""


def run(
    command: Sequence[str | Path],
    folder: Path,
    log: TextIO,
    environment: Mapping[str, str] = NO_CHANGE,
) -> int:
    """Run a program to its end; what it says goes to the log."""
    words = [str(word) for word in command]
    log.write(f"$ {' '.join(words)}\n")
    log.flush()
    return subprocess.run(
        words,
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        timeout=SECONDS,
    ).returncode


def pip(
    arguments: Sequence[str],
    pins: Path,
    folder: Path,
    log: TextIO,
    environment: Mapping[str, str] = NO_CHANGE,
) -> None:
    """Have pip get what a list names with its hashes, and nothing else under those names."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    if run([*command, "--require-hashes", "-r", str(pins)], folder, log, environment):
        raise ToolError(f"pip could not get what {pins} names.")


def pins_of(package: str, folder: Path) -> Path:
    """A list with the lines of one package in requirements.txt, written into the folder."""
    lines = re.search(
        rf"^{package}==.*?(?:[^\\]\n)",
        (ROOT / "requirements.txt").read_text(),
        re.MULTILINE | re.DOTALL,
    )
    if lines is None:
        raise ToolError(f"{package} is not pinned in requirements.txt.")
    pins = folder / f"{package}.txt"
    pins.write_text(lines[0])
    return pins


def zig(report: Report, log: TextIO) -> tuple[Path, dict[str, str]]:
    """A C compiler that comes as a package, and the environment for it."""
    pinned = re.search(r"^ziglang==(\S+)", _COMPILER.read_text(), re.MULTILINE)
    assert pinned is not None
    home = CACHE / f"zig-{pinned[1]}"
    if not home.is_dir():
        report("fetching a compiler, 100 MB")
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".fetching-", dir=CACHE) as name:
            draft = Path(name) / "zig"
            pip(["install", "--no-deps", "--target", str(draft)], _COMPILER, Path(name), log)
            draft.rename(home)
    program = home / "ziglang" / ("zig.exe" if sys.platform == "win32" else "zig")
    return program, {"ZIG_GLOBAL_CACHE_DIR": str(home / "cache")}
