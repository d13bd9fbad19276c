"""The start code of the frozen client: PyInstaller's own, built from its sources with one change.

The change is in `bound.c`. Building takes seconds with the system's C compiler; where there is
none, the compiler of the `ziglang` package does it. The result stays in `.cache/`.
"""

import os
import platform
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import TextIO

from installer.bundle import bound
from installer.errors import PassalongError

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "start-code"

_HERE = Path(__file__).parent
_CHANGE = _HERE / "bound.c"
_FUNCTION = "uint64_t\npyi_utils_find_magic_pattern("
_END_OF_FILE = "end_pos = pyi_ftell(fp);"
_NAMES = {"win32": ("run.exe", "runw.exe"), "darwin": ("run", "runw")}
_BUILD_SECONDS = 900


class StartCodeError(PassalongError):
    """The start code could not be built."""


def start_code(report: Callable[[str], None], log: TextIO) -> Path:
    """The folder with the start code for this computer, built if it is not there yet."""
    folder = CACHE / _fingerprint()
    if all((folder / name).is_file() for name in _names()):
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".building-", dir=folder.parent) as workplace:
        report("fetching PyInstaller's sources")
        sources = _change(_unpack(_fetch_sources(Path(workplace), log)))
        report("building the start code")
        made = _build(sources, Path(workplace), report, log)
        folder.mkdir(exist_ok=True)
        for name in _names():
            (made / name).replace(folder / name)
    return folder


def _names() -> tuple[str, ...]:
    return _NAMES.get(sys.platform, ("run",))


def _fingerprint() -> str:
    """Another PyInstaller, another change or another computer need another start code."""
    parts = (_pinned(), sys.platform, platform.machine(), *platform.libc_ver())
    text = "\n".join(parts) + _CHANGE.read_text(encoding="utf-8")
    return sha256(text.encode()).hexdigest()[:20]


def _pinned() -> str:
    return version("pyinstaller")


def _fetch_sources(workplace: Path, log: TextIO) -> Path:
    folder = workplace / "fetched"
    options = ["--no-deps", "--no-binary", ":all:", "--no-build-isolation"]
    # Asking for its metadata, pip makes PyInstaller build its start code, unless there is one.
    found = workplace / "built"
    found.mkdir()
    for name in ("run", "run.exe"):
        (found / name).touch()
    environment = {"PYI_PLATFORM": str(found)}
    command = ["download", *options, "--dest", str(folder)]
    _pip(command, "pyinstaller", workplace, log, environment)
    return next(folder.glob("*.tar.gz"))


def _unpack(archive: Path) -> Path:
    folder = archive.with_name("sources")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return next(folder.iterdir()) / "bootloader"


def _change(bootloader: Path) -> Path:
    path = bootloader / "src" / "pyi_utils.c"
    text = path.read_text(encoding="utf-8")
    if text.count(_FUNCTION) != 1 or text.count(_END_OF_FILE) != 1:
        raise StartCodeError(
            f"PyInstaller {_pinned()} searches its archive in another way than the version for "
            f"which {_CHANGE} was written."
        )
    change = _CHANGE.read_text(encoding="utf-8")
    text = text.replace(_FUNCTION, change + _FUNCTION)
    text = text.replace(_END_OF_FILE, "end_pos = passalong_search_end(pyi_ftell(fp));")
    path.write_text(text, encoding="utf-8")
    return bootloader


def _build(bootloader: Path, workplace: Path, report: Callable[[str], None], log: TextIO) -> Path:
    for compiler in _compilers(workplace, report, log):
        if _waf(bootloader, compiler, log) and _is_bounded(bootloader / "build"):
            return _collected(bootloader / "build")
    raise StartCodeError(
        "The start code of the client could not be built. It needs a C compiler such as gcc, or "
        "the package ziglang, which could not be used here either."
    )


def _compilers(
    workplace: Path, report: Callable[[str], None], log: TextIO
) -> Iterator[dict[str, str]]:
    """The system's own compiler, and then one that comes as a package."""
    yield {}
    report("fetching a compiler, 100 MB")
    folder = workplace / "zig"
    try:
        _pip(["install", "--no-deps", "--target", str(folder)], "ziglang", workplace, log)
    except StartCodeError:
        return
    zig = folder / "ziglang" / ("zig.exe" if sys.platform == "win32" else "zig")
    # Its own notes belong to the workplace too.
    yield {"CC": f"{zig} cc", "AR": f"{zig} ar", "ZIG_GLOBAL_CACHE_DIR": str(folder / "cache")}


def _waf(bootloader: Path, environment: dict[str, str], log: TextIO) -> bool:
    builds = ["build_release"] + (["build_releasew"] if len(_names()) > 1 else [])
    command = [sys.executable, "waf", "distclean", "configure", "--static-zlib", *builds]
    return _run(command, bootloader, environment, log) == 0


def _is_bounded(build: Path) -> bool:
    programs = [_program(build, name) for name in _names()]
    return all(program.is_file() and bound.find(program.read_bytes()) for program in programs)


def _collected(build: Path) -> Path:
    folder = build / "collected"
    folder.mkdir()
    for name in _names():
        _program(build, name).replace(folder / name)
    return folder


def _program(build: Path, name: str) -> Path:
    return build / ("releasew" if name.startswith("runw") else "release") / name


def _pip(
    arguments: list[str],
    package: str,
    workplace: Path,
    log: TextIO,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Have pip get what we have pinned, and nothing else under that name."""
    pins = workplace / f"{package}.txt"
    pins.write_text(_pins_of(package))
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    if _run([*command, "--require-hashes", "-r", str(pins)], workplace, environment, log):
        raise StartCodeError(f"pip could not get {package}.")


def _pins_of(package: str) -> str:
    """The lines of a package in our lists of requirements, with the hashes of all its files."""
    for name in (ROOT / "requirements.txt", _HERE / "compiler.txt"):
        lines = re.search(
            rf"^{package}==.*?(?:[^\\]\n)", name.read_text(), re.MULTILINE | re.DOTALL
        )
        if lines:
            return lines[0]
    raise StartCodeError(f"{package} is not pinned in requirements.txt.")


def _run(command: list[str], folder: Path, environment: Mapping[str, str], log: TextIO) -> int:
    log.write(f"$ {' '.join(command)}\n")
    log.flush()
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdout=log,
        stderr=subprocess.STDOUT,
        timeout=_BUILD_SECONDS,
    ).returncode
