"""The language of all texts: the one that was chosen, else that of the computer."""

import gettext as standard
import locale
import os
import sys
from pathlib import Path

from installer.errors import FormatError, Text

LANGUAGES = {"en": "English", "de": "Deutsch"}

_DOMAIN = "passalong"
_FOLDER = Path(__file__).parent / "locale"

_catalogue: standard.NullTranslations = standard.NullTranslations()


def speak(language: str = "") -> None:
    """Use this language from now on; without a name, that of the computer."""
    global _catalogue
    wanted = [language] if language in LANGUAGES else _of_this_computer()
    _catalogue = standard.translation(_DOMAIN, _FOLDER, wanted, fallback=True)


def spoken() -> str:
    """The code of the language that is spoken: "de"."""
    return _catalogue.info().get("language", "en")


def gettext(text: str) -> str:
    """The text in the language that is spoken."""
    return _catalogue.gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """The text that fits the count."""
    return _catalogue.ngettext(one, many, count)


def sentence(error: Exception) -> str:
    """What an error says. The formats, which belong to the site too, leave their language to us."""
    return str(_said(error.text) if isinstance(error, FormatError) else error)


class Number(int):
    """A number that is filled in with the thousands of this language: 10,000 or 10.000."""

    def __format__(self, spec: str) -> str:
        """As the place in the text wants it."""
        # Translators: how your language divides a large number.
        return format(int(self), spec).replace(",", gettext("1,000")[1])


def _said(part: object) -> object:
    if isinstance(part, int):
        return Number(part)
    if not isinstance(part, Text):
        return part
    facts = {name: _said(fact) for name, fact in part.facts.items()}
    return gettext(part.pattern).format(**facts) if facts else gettext(part.pattern)


def _of_this_computer() -> list[str]:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return value.split(":")
    if sys.platform == "win32":
        import ctypes

        # `locale` has English names here: "German_Austria".
        chosen = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        return [locale.windows_locale.get(chosen, "en")]
    return ["en"]
