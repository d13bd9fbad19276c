"""A real frozen program, small enough to be made for each run of these tests."""

from pathlib import Path

import pytest

from installer.bundle.template import Template
from installer.freeze.freezing import freeze

PROGRAM = """
import sys
from pathlib import Path
from installer import VERSION
from installer.bundle.reading import read_payload

if "--version" in sys.argv:
    print("Passalong", VERSION)
else:
    payload = read_payload(Path(sys.executable))
    print("the real program carries", type(payload and payload.content).__name__)
"""


@pytest.fixture(scope="session")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A program made by the recipe of the client, which says what it carries."""
    folder = tmp_path_factory.mktemp("frozen")
    script = folder / "program.py"
    script.write_text(PROGRAM)
    return freeze(folder / "templates", lambda step: None, script)


@pytest.fixture
def template_file(tmp_path: Path) -> Path:
    """A file that looks like a template, for tests that need no program that runs."""
    path = tmp_path / "Passalong-0.1.0-linux"
    path.write_bytes(sham_program())
    return path


def sham_program(size: int = 3_000_000) -> bytes:
    """Bytes with the cookie of an archive behind them, and then a section table as in ELF."""
    body = b"\x7fELF" + bytes(range(256)) * (size // 256)
    cookie = bytes.fromhex("4d45490c0b0a0b0e") + (2_000).to_bytes(4) + (1_000).to_bytes(4)
    cookie += (500).to_bytes(4) + (311).to_bytes(4) + b"libpython3.11.so.1.0".ljust(64, b"\0")
    return body + cookie + bytes(2_000)
