"""The small program that starts the newest installed copy on Windows, made from `starter.c`.

It gets our icon and manifest: a table of resources is quickly written, and the compiler's own
program for that takes a minute to be built.
"""

import struct
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import TextIO

from installer.freeze import tools
from installer.freeze.tools import Report
from installer.freeze.windows.compiling import compile_

NAME = "starter.exe"

_SOURCE = Path(__file__).with_name("starter.c")
_MANIFEST = Path(__file__).with_name("passalong.manifest")
_ICON = tools.ROOT / "client" / "gui" / "passalong.ico"
_OPTIONS = (
    "-Wall",
    "-Werror",
    "-fno-stack-protector",
    "-fno-builtin",
    "-nostdlib",
    "-Wl,--subsystem,windows",
    "-Wl,--entry,begin",
)
_LIBRARIES = ("-lkernel32", "-luser32")
# The numbers that Windows has given to these kinds of resources.
_ONE_ICON, _GROUP_OF_ICONS, _MANIFEST_KIND = 3, 14, 24
_ICON_ENTRY = struct.Struct("<4B2H2I")
_GROUP_ENTRY = struct.Struct("<4B2HIH")


def starter(report: Report, log: TextIO) -> Path:
    """The program, compiled if that was not done yet."""
    recipe = (Path(__file__), _SOURCE, _MANIFEST, _ICON)
    digest = sha256(b"".join(path.read_bytes() for path in recipe)).hexdigest()[:20]
    program = tools.CACHE / f"starter-{digest}" / NAME
    if program.is_file():
        return program
    tools.CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".building-", dir=tools.CACHE) as name:
        made = Path(name) / "made"
        made.mkdir()
        table = Path(name) / "starter.res"
        table.write_bytes(b"".join(_resources(_ICON.read_bytes(), _MANIFEST.read_bytes())))
        # Without its libraries the compiler does not look for the system's headers either.
        compiler, _environment = tools.zig(report, log)
        headers = compiler.parent / "lib" / "libc" / "include" / "any-windows-any"
        compile_(
            [*_OPTIONS, "-isystem", headers, _SOURCE, table, *_LIBRARIES, "-o", made / NAME],
            made,
            report,
            log,
        )
        made.rename(program.parent)
    return program


def _resources(icon: bytes, manifest: bytes) -> Iterator[bytes]:
    """The lines of a .res file; the first is empty, as a mark of its kind."""
    yield _resource(0, 0, b"")
    (count,) = struct.unpack_from("<4xH", icon)
    # Without the last and largest one: menus and the taskbar show small ones.
    group, count = icon[:4] + struct.pack("<H", count - 1), count - 1
    for number in range(1, count + 1):
        *look, size, start = _ICON_ENTRY.unpack_from(icon, 6 + (number - 1) * _ICON_ENTRY.size)
        yield _resource(_ONE_ICON, number, icon[start : start + size])
        group += _GROUP_ENTRY.pack(*look, size, number)
    yield _resource(_GROUP_OF_ICONS, 1, group)
    yield _resource(_MANIFEST_KIND, 1, manifest)


def _resource(kind: int, name: int, content: bytes) -> bytes:
    """Kind and name are numbers here, and a number is marked by 0xFFFF."""
    head = struct.pack("<2I4HI2H2I", len(content), 32, 0xFFFF, kind, 0xFFFF, name, 0, 0, 0, 0, 0)
    return head + content + b"\0" * (-len(content) % 4)
