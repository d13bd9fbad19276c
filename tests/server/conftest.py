"""What the tests of the site share."""

from pathlib import Path

import pytest
from pytest_django import Settings


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
