"""No payload moves the cookie: tried with archive magics at all borders that bundles have.

PASSALONG_PAYLOADS=100000 tries that many; docs/performance.md has the figures of a long run.
"""

import os
import random
from pathlib import Path

import pytest

from installer.bundle.cookie import COOKIE_MAGIC
from installer.bundle.joining import join
from installer.bundle.template import Template, inspect
from installer.formats import record
from installer.formats.payload import Download
from tests.installer.examples import KEY, SITE_NAME, SITE_URL

PAYLOADS = int(os.environ.get("PASSALONG_PAYLOADS", "2000"))
BORDERS = (0, 1, 7, 8, 55, 127, 128, 255, 256, 8_184, 8_192, 8_199, 65_528, 65_535)
SIDE_LOADING = bytes.fromhex("4d45490d0b0a0b0e")  # lets PyInstaller run an archive beside it
PARTS = (
    *(COOKIE_MAGIC[:length] for length in range(1, 9)),
    *(COOKIE_MAGIC[start:] for start in range(1, 8)),
    SIDE_LOADING,
    COOKIE_MAGIC + (88).to_bytes(4) * 4 + b"libpython3.11.so.1.0".ljust(64, b"\0"),
    record.MAGIC,
    b"\0",
)


def hostile(chance: random.Random) -> bytes:
    """A torrent of noise with magics at its borders and at those of what reads or carries it."""
    data = bytearray(chance.randbytes(chance.choice(BORDERS) + chance.randrange(20)))
    for _ in range(chance.randrange(1, 6)):
        at = chance.choice([0, len(data), chance.randrange(len(data) + 1), chance.choice(BORDERS)])
        data[at:at] = chance.choice(PARTS)
    return bytes(data)


@pytest.mark.parametrize("kind", ["unsigned", "signed"])
def test_the_last_cookie_stays_that_of_the_program(
    template_file: Path, signed: Template, kind: str
) -> None:
    template = signed if kind == "signed" else inspect(template_file)
    program = template.path.read_bytes()
    chance = random.Random(kind)
    for _ in range(PAYLOADS // 2):
        bundle = join(template, Download(SITE_NAME, SITE_URL, hostile(chance)), KEY)
        # Around the border as well: half of the magic may stand on either side.
        changed = program[bundle.border - 200 : bundle.border] + bundle.tail
        assert changed.rfind(COOKIE_MAGIC) == program[bundle.border - 200 : bundle.border].rfind(
            COOKIE_MAGIC
        )
        assert SIDE_LOADING not in changed
