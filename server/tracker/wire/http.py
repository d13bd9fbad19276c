"""HTTP as far as announces and scrapes need it: requests without a body, short replies.

Not a web server: what no torrent client and no proxy sends is refused.
"""

from functools import lru_cache
from http import HTTPStatus
from typing import NamedTuple

MOST_TARGET_BYTES = 8 * 1024
MOST_HEAD_BYTES = 16 * 1024
END = b"\r\n\r\n"
VERSIONS = (b"HTTP/1.1", b"HTTP/1.0")

new_request = tuple.__new__  # half the time of calling the class, on the way of every announce


class HttpError(Exception):
    """A request that gets no tracker's answer; the connection ends with it."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        """Keep the status beside the sentence for the person who sees it."""
        super().__init__(sentence)
        self.status = status


class Request(NamedTuple):
    """What the tracker wants to know of a request."""

    path: bytes
    query: bytes
    is_last: bool  # whether the connection is to be closed after the reply
    forwarded_for: str


def read_request(received: bytes | bytearray) -> tuple[Request, int] | None:
    """The first request in the received bytes and its size, or None if more bytes are needed."""
    end = received.find(END)
    if end < 0 or end > MOST_HEAD_BYTES:
        _check_size(received)
        return None
    line_end = received.index(b"\r\n")
    parts = bytes(received[:line_end]).split(b" ")
    if len(parts) != 3 or parts[2] not in VERSIONS:
        raise HttpError(HTTPStatus.BAD_REQUEST, "This is not HTTP/1.0 or HTTP/1.1.")
    method, target, version = parts
    if len(target) > MOST_TARGET_BYTES:
        raise HttpError(HTTPStatus.REQUEST_URI_TOO_LONG, "The address is too long.")
    if method != b"GET":
        raise HttpError(HTTPStatus.METHOD_NOT_ALLOWED, "A tracker only answers GET.")
    is_closing, forwarded_for = _read_fields(bytes(received[line_end : end + 2]))
    path, _, query = target.partition(b"?")
    is_last = is_closing or version == b"HTTP/1.0"
    return new_request(Request, (path, query, is_last, forwarded_for)), end + len(END)


@lru_cache(maxsize=256)
def _read_fields(fields: bytes) -> tuple[bool, str]:
    """Whether the connection ends with the reply, and X-Forwarded-For.

    The popular ones are remembered: a client sends the same fields with all its announces.
    """
    names = fields.lower()
    if b"\r\ntransfer-encoding:" in names or _values(fields, names, b"content-length") - {b"0"}:
        raise HttpError(HTTPStatus.BAD_REQUEST, "A request to a tracker has no body.")
    forwarded_for = _forwarded_for(fields) if b"\r\nx-forwarded-for:" in names else ""
    return b"close" in _values(fields, names, b"connection"), forwarded_for


def write_reply(body: bytes, *, is_last: bool) -> bytes:
    """A tracker's answer, good or bad: failures too have status 200, or clients hide the reason."""
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d%b\r\n\r\n%b" % (
        len(body),
        b"\r\nConnection: close" if is_last else b"",
        body,
    )


def write_error(error: HttpError) -> bytes:
    """The reply to a request that a tracker does not answer."""
    body = f"{error}\n".encode()
    allow = b"Allow: GET\r\n" if error.status is HTTPStatus.METHOD_NOT_ALLOWED else b""
    return (
        b"HTTP/1.1 %d %b\r\n%bContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\n"
        b"Connection: close\r\n\r\n%b"
    ) % (error.status, error.status.phrase.encode(), allow, len(body), body)


def _check_size(received: bytes | bytearray) -> None:
    """Refuse to wait for the end of a request that is too long already."""
    if len(received) > MOST_TARGET_BYTES + 64 and b"\r\n" not in received[: MOST_TARGET_BYTES + 64]:
        raise HttpError(HTTPStatus.REQUEST_URI_TOO_LONG, "The address is too long.")
    if len(received) > MOST_HEAD_BYTES:
        raise HttpError(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The header is too long.")


def _values(fields: bytes, names: bytes, name: bytes) -> set[bytes]:
    """The values of a field, in lower case, split at commas; `names` is `fields` in lower case."""
    if b"\r\n%b:" % name not in names:
        return set()
    found = (
        value.split(b",")
        for field, _, value in (line.partition(b":") for line in names.split(b"\r\n"))
        if field == name
    )
    return {value.strip() for values in found for value in values}


def _forwarded_for(fields: bytes) -> str:
    """X-Forwarded-For; several of them are one list, in the order of their lines."""
    lines = (line.partition(b":") for line in fields.split(b"\r\n"))
    found = [value.strip() for name, _, value in lines if name.lower() == b"x-forwarded-for"]
    return b",".join(found).decode("latin-1")
