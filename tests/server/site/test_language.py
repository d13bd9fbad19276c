"""The site's languages: German is whole, and every visitor gets the language of their browser."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from tests.programs import ROOT, clean_environment, needs
from tests.server import factories

CATALOGUE = Path("locale/de/LC_MESSAGES/django.po")


def statistics(catalogue: Path, compiled: Path) -> str:
    needs("msgfmt", apt="gettext")
    ended = subprocess.run(
        ["msgfmt", "--check-format", "--statistics", "--output-file", compiled, catalogue],
        capture_output=True,
        text=True,
        check=True,
        env=clean_environment(LC_ALL="C"),
    )
    return ended.stderr


def test_german_is_whole_and_compiled(tmp_path: Path) -> None:
    server = tmp_path / "server"
    shutil.copytree(ROOT / "server", server, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    subprocess.run(
        [
            *(sys.executable, "-m", "django", "makemessages", "--locale", "de"),
            *("--no-location", "--no-wrap", "--no-obsolete"),
        ],
        cwd=server,
        env=clean_environment(),
        check=True,
        capture_output=True,
    )
    said = statistics(server / CATALOGUE, tmp_path / "found.mo")
    assert "untranslated" not in said, "make texts, then translate what is new"
    assert "fuzzy" not in said
    statistics(ROOT / "server" / CATALOGUE, tmp_path / "kept.mo")
    compiled = (ROOT / "server" / CATALOGUE).with_suffix(".mo")
    assert (tmp_path / "kept.mo").read_bytes() == compiled.read_bytes(), "make texts"


@pytest.mark.django_db
@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize(
    ("language", "button"), [("de-AT,de;q=0.9", "Herunterladen (24"), ("fr", "Download (24")]
)
def test_speaks_the_language_of_the_browser(client: Client, language: str, button: str) -> None:
    factories.site(address="http://testserver")
    page = client.get(factories.release().get_absolute_url(), headers={"accept-language": language})
    assert button in page.content.decode()
