"""What is made before the programs start, and what is left alone when nothing has changed."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from pytest_django import Settings

from server.accounts.services import set_up
from server.running.preparing import prepare

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_dir(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    return tmp_path


def test_a_new_site_opens_with_its_setup_code(data_dir: Path) -> None:
    page = prepare()

    assert page == f"/setup/?code={(data_dir / 'setup-code').read_text()}"


def test_the_setup_code_stays_the_same_until_it_is_used() -> None:
    assert prepare() == prepare()


def test_a_site_that_is_set_up_opens_with_its_listing() -> None:
    set_up(
        site_name="Films", address="http://localhost:8000", user_name="alice", password="tipperary"
    )

    assert prepare() == "/"


def test_makes_the_roles() -> None:
    prepare()

    assert Group.objects.filter(name="Publishers").exists()


def test_collects_static_files_only_when_they_have_changed(data_dir: Path) -> None:
    prepare()
    stylesheet = data_dir / "static" / "site" / "site.css"
    stylesheet.write_text("left alone")

    prepare()
    assert stylesheet.read_text() == "left alone"

    (data_dir / "static-sources").write_text("of another version")
    prepare()
    assert stylesheet.read_text() != "left alone"
