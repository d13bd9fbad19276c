"""Words that people typed, made fit to be stored: pages, feeds and programs show them later.

Control characters break XML for everybody who reads the feed, and characters that turn the
direction of reading make a name look like another one. Both are dropped, the rest is left alone.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_NOT_FOR_SHOWING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def one_line(text: str) -> str:
    """The text in one line, with single spaces."""
    return " ".join(_cleaned(re.sub(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+", " ", text)).split())


def paragraphs(text: str) -> str:
    """The text with its lines, but never more than one empty line in a row."""
    lines = [line.rstrip() for line in _cleaned(text.replace("\r\n", "\n")).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def check_site_name(name: str) -> None:
    """Refuse what tickets and programs could not carry: they show the name in one visible line."""
    for character in name:
        if not character.isprintable():
            raise ValidationError(
                _("The name holds a character that cannot be seen (U+%(code)s). Write it without.")
                % {"code": f"{ord(character):04X}"}
            )


def _cleaned(text: str) -> str:
    return unicodedata.normalize("NFC", _NOT_FOR_SHOWING.sub("", text))
