"""The one file that people get unpacks at its start only what handing over needs."""

from pathlib import Path

import pytest

from installer.bundle.template import newest, this_platform
from tests.programs import clean_environment, needs, running

SECONDS = 60
# Larger than all that is unpacked at first, smaller than the engine.
LARGEST_FILE = 10_000_000


@pytest.fixture
def limited(frozen_client: Path) -> list[str | Path]:
    """The words that start a client which can write no larger file."""
    client = newest(frozen_client, this_platform())
    assert client is not None
    return [needs("prlimit", apt="util-linux"), f"--fsize={LARGEST_FILE}", client.path]


def test_handing_over_needs_no_engine(limited: list[str | Path], tmp_path: Path) -> None:
    with running([*limited, "--version"], tmp_path / "log") as process:
        assert process.wait(SECONDS) == 0, process.output


def test_no_room_for_the_rest_is_said(limited: list[str | Path], tmp_path: Path) -> None:
    environment = clean_environment(TMPDIR=str(tmp_path))
    with running([*limited, "make", __file__], tmp_path / "log", environment) as process:
        assert process.wait(SECONDS) == 1, process.output
    assert f"Passalong cannot be unpacked in {tmp_path}" in process.output
    assert "Traceback" not in process.output
