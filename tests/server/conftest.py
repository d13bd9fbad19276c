"""What the tests of the site share."""

from collections import Counter
from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _nothing_is_left_for_later(carried: Counter[str]) -> None:
    """No test leaves a timer behind that would write down what web seeds have carried."""


@pytest.fixture
def programs(settings: Settings, tmp_path: Path) -> Path:
    """An empty folder for the client programs that the site hands out."""
    settings.TEMPLATES_DIR = tmp_path / "programs"
    settings.TEMPLATES_DIR.mkdir()
    return settings.TEMPLATES_DIR


@pytest.fixture
def data_dir(settings: Settings, tmp_path: Path) -> Path:
    """An empty data folder."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    return settings.DATA_DIR
