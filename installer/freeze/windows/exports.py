"""The names that a Windows library offers, and the library `python3.dll`, which only passes on.

Packages built for every Python ask for `python3.dll`, which leads to the DLL of this version.
"""

import struct
from pathlib import Path

from installer.freeze.tools import ToolError


def module_definition(library: Path) -> str:
    """The linker's recipe for a library that passes all names on to this one."""
    lines = [f"{name}={library.stem}.{name}" for name in exports(library.read_bytes())]
    return "\n".join(["LIBRARY python3", "EXPORTS", *lines, ""])


def exports(program: bytes) -> list[str]:
    """The names in the export table of a 64-bit Windows library."""
    try:
        (header,) = struct.unpack_from("<I", program, 0x3C)
        sections, optional = struct.unpack_from("<H12xH", program, header + 6)
        (table,) = struct.unpack_from("<I", program, header + 24 + 112)
        places = [
            struct.unpack_from("<4I", program, header + 24 + optional + 40 * index + 8)
            for index in range(sections)
        ]
        at = _place(places, table)
        count, names = struct.unpack_from("<I4xI", program, at + 24)
        found = struct.unpack_from(f"<{count}I", program, _place(places, names))
        return [_text(program, _place(places, name)) for name in found]
    except (struct.error, UnicodeDecodeError, ValueError) as error:
        raise ToolError("The library of Python for Windows cannot be read.") from error


def _place(sections: list[tuple[int, ...]], address: int) -> int:
    """Where in the file stands what will be at this address."""
    for size, start, _, offset in sections:
        if start <= address < start + size:
            return address - start + offset
    raise ValueError(address)


def _text(program: bytes, at: int) -> str:
    return program[at : program.index(b"\0", at)].decode("ascii")
