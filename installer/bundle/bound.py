"""The bound in a program: where its own archive ends, written down in it when it was frozen.

PyInstaller's start code believes the last archive in its file, also one that a stranger has put
behind it or into its signature. Ours is built with `freeze/bound.c` and looks no further than here.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from installer.bundle import portable
from installer.errors import TemplateError

MARK = b"~Passalong~archive~ends~"
SIZE = len(MARK) + 8
_BOUND = re.compile(re.escape(MARK) + rb"(.{8})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Bound:
    """Where the bound stands, and where it says that the archive ends; 0 if that is not known."""

    offset: int
    end: int


def find(data: bytes | bytearray) -> Bound | None:
    """The one bound in the bytes of a program; start code of others has none."""
    found = list(_BOUND.finditer(data))
    if len(found) > 1:
        raise TemplateError("The program says more than once where its archive ends.")
    return Bound(found[0].start(), int.from_bytes(found[0][1], "little")) if found else None


def write(program: Path, end: int) -> None:
    """Write the end of the archive into a program that nobody has signed yet."""
    data = bytearray(program.read_bytes())
    bound = find(data)
    if bound is None:
        raise TemplateError("The start code of this program has no room for the archive's end.")
    data[bound.offset + len(MARK) : bound.offset + SIZE] = end.to_bytes(8, "little")
    header = portable.read_header(bytes(data[: portable.HEADER_BYTES]))
    if header is not None:
        place = slice(header.checksum_at, header.checksum_at + 4)
        data[place] = bytes(4)
        total = portable.word_sum([bytes(data)])
        data[place] = portable.checksum(total, len(data)).to_bytes(4, "little")
    program.write_bytes(data)
