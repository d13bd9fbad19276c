"""The site's languages: German is whole, and every visitor gets the language of their browser."""

import shutil
import subprocess
import sys
from gettext import GNUTranslations
from pathlib import Path

import allauth
import pytest
from django.test import Client
from django.utils.translation import gettext, override

from tests.programs import ROOT, clean_environment, needs
from tests.server import factories

CATALOGUE = Path("locale/de/LC_MESSAGES/django.po")
FORMAL = Path("formal/de/LC_MESSAGES/django.po")


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
    for catalogue in (CATALOGUE, FORMAL):
        statistics(ROOT / "server" / catalogue, tmp_path / "kept.mo")
        compiled = (ROOT / "server" / catalogue).with_suffix(".mo")
        assert (tmp_path / "kept.mo").read_bytes() == compiled.read_bytes(), "make texts"


def test_german_says_sie_where_allauth_says_du() -> None:
    (theirs,) = Path(allauth.__file__).parent.glob("locale/de/LC_MESSAGES/*.mo")
    with (
        theirs.open("rb") as their_file,
        (ROOT / "server" / FORMAL).with_suffix(".mo").open("rb") as our_file,
    ):
        known, ours = GNUTranslations(their_file)._catalog, GNUTranslations(our_file)._catalog
    assert set(ours) <= set(known), "allauth has changed these texts"
    with override("de"):
        assert gettext("You have signed out.") == "Sie haben sich abgemeldet."


@pytest.mark.django_db
@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize(
    ("language", "button"), [("de-AT,de;q=0.9", "Herunterladen (24"), ("fr", "Download (24")]
)
def test_speaks_the_language_of_the_browser(client: Client, language: str, button: str) -> None:
    factories.site(address="http://testserver")
    page = client.get(factories.release().get_absolute_url(), headers={"accept-language": language})
    assert button in page.content.decode()
