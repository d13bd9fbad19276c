"""What can be wrong with bytes from outside, each as a sentence for the person who meets it."""

from typing import Self


class Text(str):
    """A sentence, or a part of one, in English, that knows its pattern and what fills its places.

    So those who show it can say it in another language.
    """

    __slots__ = ("facts", "pattern")
    pattern: str
    facts: dict[str, object]

    def __new__(cls, pattern: str, **facts: object) -> Self:
        """Fill the places in braces."""
        text = super().__new__(cls, pattern.format(**facts) if facts else pattern)
        text.pattern = pattern
        text.facts = facts
        return text


class PassalongError(Exception):
    """Its text is a full sentence for a person."""


class FormatError(PassalongError):
    """Bytes from outside that are not what they claim to be."""

    def __init__(self, text: Text, *, field: str | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.field = field


class BencodeError(FormatError):
    """Not bencoding, or not in its one canonical form."""

    def __init__(self, text: Text, *, offset: int = 0) -> None:
        super().__init__(text)
        self.offset = offset


class MetainfoError(FormatError):
    """Not a torrent that can be published and downloaded everywhere."""


class NameRefused(FormatError):  # noqa: N818 - a refusal of a name, not a fault
    """A file name that some computer could not store, or that would deceive its reader."""


class TicketError(FormatError):
    """Not an upload ticket."""


class PayloadError(FormatError):
    """Not a payload that this program understands, or a damaged one."""


class LinkError(FormatError):
    """Not a link that leads to a torrent or a ticket."""


class TemplateError(PassalongError):
    """Not a program that can carry a payload."""
