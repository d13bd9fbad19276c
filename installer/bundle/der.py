"""DER, as much of it as certificates need: elements with short tags and definite lengths."""

from dataclasses import dataclass

from installer.errors import TemplateError

INTEGER, BITS, OCTETS, NULL, OID, UTF8 = 0x02, 0x03, 0x04, 0x05, 0x06, 0x0C
SEQUENCE, SET, UTC_TIME = 0x30, 0x31, 0x17
EXPLICIT = 0xA0  # plus the number of the tag


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its tag, and where its content and its end stand in the data."""

    data: bytes
    tag: int
    start: int
    content_start: int
    stop: int

    @property
    def content(self) -> bytes:
        return self.data[self.content_start : self.stop]

    @property
    def whole(self) -> bytes:
        return self.data[self.start : self.stop]

    def children(self) -> list["Element"]:
        found, position = [], self.content_start
        while position < self.stop:
            child = element(self.data, position, self.stop)
            found.append(child)
            position = child.stop
        return found


def encode(tag: int, *contents: bytes) -> bytes:
    content = b"".join(contents)
    return bytes([tag]) + _length(len(content)) + content


def element(data: bytes, start: int = 0, stop: int | None = None) -> Element:
    """The element at `start`; its length must have its one shortest spelling."""
    stop = len(data) if stop is None else stop
    head = data[start : min(start + 6, stop)]
    if len(head) < 2 or head[0] & 0x1F == 0x1F:
        raise _damaged()
    length, width = head[1], 0
    if length >= 0x80:
        width = length - 0x80
        length = int.from_bytes(head[2 : 2 + width])
    content_start = start + 2 + width
    if head[1 : 2 + width] != _length(length) or content_start + length > stop:
        raise _damaged()
    return Element(data, head[0], start, content_start, content_start + length)


def _length(length: int) -> bytes:
    if length < 0x80:
        return bytes([length])
    text = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes([0x80 + len(text)]) + text


def _damaged() -> TemplateError:
    return TemplateError("The signature of this program is damaged.")
