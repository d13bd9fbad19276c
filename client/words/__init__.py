"""What people read: texts in their language (gettext), and sizes and times as people say them."""

from client.words.language import LANGUAGES, gettext, ngettext, speak
from client.words.quantities import duration, printable, size

__all__ = ["LANGUAGES", "duration", "gettext", "ngettext", "printable", "size", "speak"]
