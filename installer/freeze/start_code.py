"""The start code of the frozen client: PyInstaller's own, built from its sources with one change.

The change is in `bound.c`. Building takes seconds with the system's C compiler; where there is
none, the compiler of the `ziglang` package does it. The result stays in `.cache/`.
"""

import platform
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, TextIO

from installer.bundle import bound
from installer.freeze import tools
from installer.freeze.tools import Report, ToolError

FOLDER = tools.CACHE / "start-code"

_CHANGE = Path(__file__).with_name("bound.c")
_FUNCTION = "uint64_t\npyi_utils_find_magic_pattern("
_END_OF_FILE = "end_pos = pyi_ftell(fp);"
_NAMES = {"win32": ("run.exe", "runw.exe"), "darwin": ("run", "runw")}


class StartCodeError(ToolError):
    """The start code could not be built."""


def start_code(report: Report, log: TextIO) -> Path:
    """The folder with the start code for this computer, built if it is not there yet."""
    folder = FOLDER / fingerprint(sys.platform, platform.machine(), *platform.libc_ver())
    if all((folder / name).is_file() for name in _names()):
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".building-", dir=folder.parent) as workplace:
        sources = changed_sources(Path(workplace), report, log)
        report("building the start code")
        made = _build(sources, report, log)
        folder.mkdir(exist_ok=True)
        for name in _names():
            (made / name).replace(folder / name)
    return folder


def fingerprint(*parts: str) -> str:
    """Another PyInstaller, another change or another computer need another start code."""
    text = "\n".join((_pinned(), *parts)) + _CHANGE.read_text(encoding="utf-8")
    return sha256(text.encode()).hexdigest()[:20]


def changed_sources(workplace: Path, report: Report, log: TextIO) -> Path:
    """The folder `bootloader` of PyInstaller's sources, with our change."""
    report("fetching PyInstaller's sources")
    return _change(_unpack(_fetch_sources(workplace, log)))


def is_bounded(program: Path) -> bool:
    """Whether a start code was built, with room for the archive's end."""
    return program.is_file() and bound.find(program.read_bytes()) is not None


def _names() -> tuple[str, ...]:
    return _NAMES.get(sys.platform, ("run",))


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
    pins = tools.pins_of("pyinstaller", workplace)
    command = ["download", *options, "--dest", str(folder)]
    tools.pip(command, pins, workplace, log, {"PYI_PLATFORM": str(found)})
    return next(folder.glob("*.tar.gz"))


def _unpack(archive: Path) -> Path:
    folder = archive.with_name("sources")
    # Pythons before 3.11.4, such as Debian 12's, have no filters; pip has checked the archive.
    options: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
    with tarfile.open(archive) as packed:
        packed.extractall(folder, **options)  # noqa: S202
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


def _build(bootloader: Path, report: Report, log: TextIO) -> Path:
    for compiler in _compilers(report, log):
        if _waf(bootloader, compiler, log) and _are_bounded(bootloader / "build"):
            return _collected(bootloader / "build")
    raise StartCodeError(
        "The start code of the client could not be built. It needs a C compiler such as gcc, or "
        "the package ziglang, which could not be used here either."
    )


def _compilers(report: Report, log: TextIO) -> Iterator[dict[str, str]]:
    """The system's own compiler, and then one that comes as a package."""
    yield {}
    try:
        program, environment = tools.zig(report, log)
    except ToolError:
        return
    yield {"CC": f"{program} cc", "AR": f"{program} ar", **environment}


def _waf(bootloader: Path, environment: dict[str, str], log: TextIO) -> bool:
    builds = ["build_release"] + (["build_releasew"] if len(_names()) > 1 else [])
    command = [sys.executable, "waf", "distclean", "configure", "--static-zlib", *builds]
    return tools.run(command, bootloader, log, environment) == 0


def _are_bounded(build: Path) -> bool:
    return all(is_bounded(_program(build, name)) for name in _names())


def _collected(build: Path) -> Path:
    folder = build / "collected"
    folder.mkdir()
    for name in _names():
        _program(build, name).replace(folder / name)
    return folder


def _program(build: Path, name: str) -> Path:
    return build / ("releasew" if name.startswith("runw") else "release") / name
