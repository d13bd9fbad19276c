"""Every text has its German, and the compiled texts are those of the readable file."""

import ast
import ctypes
import errno
import gettext
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from client import errors, words
from client.errors import ClientError
from client.gui.opening import understand
from client.opening.handover import Request
from client.options import read_arguments
from client.words import LANGUAGES, language, size, speak
from client.words import gettext as _
from client.words.language import _FOLDER
from installer.errors import NameRefused
from installer.formats.names import check_name
from tests.programs import ROOT, needs

MARKS = {"_", "gettext", "ngettext", "Text"}


class Named(ast.Call):
    """A call of something that has a plain name."""

    func: ast.Name


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    speak("en")


def texts_in_the_program() -> set[str]:
    """Every text that is marked for translation."""
    return {
        argument.value
        for _path, node in calls("client", "installer")
        if node.func.id in MARKS
        for argument in node.args[:1]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def calls(*folders: str) -> Iterator[tuple[Path, Named]]:
    """Every call of something that has a plain name, in these folders."""
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    yield path, cast("Named", node)


def test_no_refusal_speaks_english_only() -> None:
    unmarked = [
        f"{path}:{node.lineno}"
        for path, node in calls("client")
        if issubclass(getattr(errors, node.func.id, object), ClientError)
        for argument in node.args[:1]
        if isinstance(argument, ast.Constant | ast.JoinedStr | ast.BinOp)
    ]
    assert not unmarked


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_every_text_is_translated_and_keeps_its_places(language: str) -> None:
    with (_FOLDER / language / "LC_MESSAGES/passalong.mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    known = catalogue._catalog  # type: ignore[attr-defined]
    texts = texts_in_the_program()
    assert {key[0] if isinstance(key, tuple) else key for key in known} == {"", *texts}
    for text in texts:
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
    assert f"{words.Number(1_400_000):,}" == "1.400.000"
    assert _("Paused") == "Angehalten"


def test_what_the_formats_refuse_is_said_in_german(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"de")
    speak("de")
    opened = understand(Request(("open", str(tmp_path / "x"))), tmp_path)
    assert opened.sentence == _("This is not a torrent file: it has no info dictionary.")
    assert opened.sentence.startswith("Das ist keine Torrent-Datei")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (b"NUL", "Der Name „NUL“ ist unter Windows der Name eines Geräts."),
        (b"x" * 300, f"Der Name „{'x' * 100}…“ ist länger als 240 Bytes."),
    ],
)
def test_what_fills_a_refusal_stays_as_it_is(name: bytes, sentence: str) -> None:
    speak("de")
    with pytest.raises(NameRefused) as refusal:
        check_name(name)
    assert words.sentence(refusal.value) == sentence


def test_wrong_options_are_refused_in_german(capsys: pytest.CaptureFixture[str]) -> None:
    speak("de")
    with pytest.raises(errors.UsageError, match="Das gibt es hier nicht: --bogus"):
        read_arguments(["--bogus"])
    with pytest.raises(SystemExit):
        read_arguments(["--help"])
    assert not {"options:", "usage:", "exit"} & set(capsys.readouterr().out.split())


def test_the_system_s_reasons_are_said_in_our_words() -> None:
    speak("de")
    assert words.reason_of(OSError(errno.EROFS, "Read-only file system")) == (
        "dieses Laufwerk lässt sich nur lesen"
    )
    assert words.reason_of(OSError(errno.EXDEV, "Invalid cross-device link")) == (
        "Invalid cross-device link"
    )


def places(text: str) -> set[str]:
    """What is filled into a text."""
    return {part.split("}")[0] for part in text.split("{")[1:]}
