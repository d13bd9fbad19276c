"""Every text has its German, and the compiled texts are those of the readable file."""

import ast
import ctypes
import gettext
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from client.gui.opening import understand
from client.opening.handover import Request
from client.words import LANGUAGES, language, size, speak
from client.words import gettext as _
from client.words.language import _FOLDER
from tests.programs import ROOT, needs

MARKS = {"_", "ngettext"}


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    speak("en")


def texts_in_the_program() -> set[str]:
    """Every text that is marked for translation."""
    return {
        argument.value
        for path in (ROOT / "client").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS
        for argument in node.args[:1]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_every_text_is_translated_and_keeps_its_places(language: str) -> None:
    with (_FOLDER / language / "LC_MESSAGES/passalong.mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    for text in texts_in_the_program():
        known = catalogue._catalog  # type: ignore[attr-defined]
        translated = known.get(text) or known.get((text, 0))
        assert translated, text
        assert places(translated) == places(text), text


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_the_compiled_texts_are_up_to_date(language: str, tmp_path: Path) -> None:
    program = needs("msgfmt", apt="gettext")
    folder = _FOLDER / language / "LC_MESSAGES"
    made = tmp_path / "made.mo"
    subprocess.run([program, "--check-format", "-o", made, folder / "passalong.po"], check=True)
    with made.open("rb") as new, (folder / "passalong.mo").open("rb") as old:
        assert gettext.GNUTranslations(new)._catalog == gettext.GNUTranslations(old)._catalog  # type: ignore[attr-defined]


@pytest.mark.parametrize(("chosen", "text"), [(0x0C07, "Angehalten"), (0x0809, "Paused")])
def test_speaks_the_language_that_windows_shows(
    monkeypatch: pytest.MonkeyPatch, chosen: int, text: str
) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    kernel32 = SimpleNamespace(GetUserDefaultUILanguage=lambda: chosen)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel32), raising=False)
    monkeypatch.setattr(language, "sys", SimpleNamespace(platform="win32"))
    speak()
    assert _("Paused") == text


def test_numbers_are_written_as_the_language_has_them() -> None:
    speak("de")
    assert size(1_400_000_000) == "1,4 GB"
    assert _("Paused") == "Angehalten"


def test_what_the_formats_refuse_is_said_in_german(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"de")
    speak("de")
    opened = understand(Request(("open", str(tmp_path / "x"))), tmp_path)
    assert opened.sentence == _("This is not a torrent file: it has no info dictionary.")
    assert opened.sentence.startswith("Das ist keine Torrent-Datei")


def places(text: str) -> set[str]:
    """What is filled into a text."""
    return {part.split("}")[0] for part in text.split("{")[1:]}
