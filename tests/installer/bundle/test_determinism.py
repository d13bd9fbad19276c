"""The bytes of a bundle depend on program, torrent and site only, not on who makes it, or when."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from installer.bundle.joining import join
from installer.bundle.template import Template, inspect
from tests.installer.examples import DOWNLOAD, KEY

BUILDS = 100
ROOT = Path(__file__).parents[3]

SCRIPT = """
import sys
from hashlib import sha256
from pathlib import Path
from installer.bundle.joining import join
from installer.bundle.template import inspect
from tests.installer.examples import DOWNLOAD, KEY
print(sha256(b"".join(join(inspect(Path(sys.argv[1])), DOWNLOAD, KEY).chunks())).hexdigest())
"""


def digest(path: Path) -> str:
    return sha256(b"".join(join(inspect(path), DOWNLOAD, KEY).chunks())).hexdigest()


def test_a_hundred_builds_are_one(signed: Template) -> None:
    assert len({digest(signed.path) for _ in range(BUILDS)}) == 1


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_process_makes_the_same(signed: Template, template_file: Path, seed: str) -> None:
    for path in (signed.path, template_file):
        command = [sys.executable, "-c", SCRIPT, str(path)]
        environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "TZ": "Asia/Tokyo"}
        made = subprocess.run(command, capture_output=True, text=True, env=environment)
        assert made.stdout.strip() == digest(path), made.stderr
