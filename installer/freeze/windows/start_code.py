"""The start code of the Windows client, built on Linux from the same sources with the same change.

PyInstaller's own build does not know the compiler that we have for Windows; it is short enough.
"""

import tempfile
from pathlib import Path
from typing import TextIO

from installer.freeze import start_code
from installer.freeze.start_code import StartCodeError
from installer.freeze.tools import Report
from installer.freeze.windows.compiling import compile_

# The program without a window of its own, and the one without a console.
_KINDS = {
    "run.exe": [],
    "runw.exe": ["-DWINDOWED", "-Wl,--subsystem,windows"],
}
_FOLDER_NAME = Path(__file__).with_name("temporary.c")
_CREATES = "int\npyi_create_temporary_application_directory("
_CALL = "_wtempnam(tempdir_path, prefix)"
_DEFINED = ("-DNDEBUG", "-DUNICODE", "-D_UNICODE", "-DHAVE_WCSDUP=1", "-municode")
_LIBRARIES = ("-luser32", "-lcomctl32", "-lkernel32", "-ladvapi32", "-lgdi32")
# As much as Python itself gives its main thread.
_STACK = "-Wl,--stack,2000000"


def windows_start_code(report: Report, log: TextIO) -> Path:
    """The folder with the start code for Windows, built if it is not there yet."""
    recipe = Path(__file__).read_text("utf-8") + _FOLDER_NAME.read_text("utf-8")
    folder = start_code.FOLDER / start_code.fingerprint("windows", recipe)
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".building-", dir=folder.parent) as name:
        workplace = Path(name)
        sources = start_code.changed_sources(workplace, report, log)
        _change(sources / "src" / "pyi_utils_win32.c")
        made = workplace / "made"
        made.mkdir()
        for program, options in _KINDS.items():
            _compile(sources, made / program, options, report, log)
        made.rename(folder)
    return folder


def _change(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if text.count(_CREATES) != 1 or text.count(_CALL) != 1:
        raise StartCodeError(f"PyInstaller no longer unpacks as {_FOLDER_NAME} expects.")
    text = text.replace(_CREATES, _FOLDER_NAME.read_text(encoding="utf-8") + _CREATES)
    text = text.replace(_CALL, "passalong_folder_name(tempdir_path, prefix)")
    path.write_text(text, encoding="utf-8")


def _compile(sources: Path, program: Path, options: list[str], report: Report, log: TextIO) -> None:
    files = sorted(sources.glob("src/*.c")) + sorted(sources.glob("zlib/*.c"))
    words: list[str | Path] = [*_DEFINED, *options, "-mms-bitfields", "-Isrc", "-Izlib", *files]
    compile_([*words, *_LIBRARIES, _STACK, "-o", program], sources, report, log)
    if not start_code.is_bounded(program):
        raise StartCodeError("The start code for Windows has no room for the archive's end.")
