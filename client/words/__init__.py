"""What people read: texts in their language (gettext), and sizes and times as people say them."""

from client.words.language import LANGUAGES, Number, gettext, ngettext, sentence, speak, spoken
from client.words.quantities import decimal, duration, printable, size
from client.words.reasons import reason_of

__all__ = [
    "LANGUAGES",
    "Number",
    "decimal",
    "duration",
    "gettext",
    "ngettext",
    "printable",
    "reason_of",
    "sentence",
    "size",
    "speak",
    "spoken",
]
