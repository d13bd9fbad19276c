"""A bundle: a patched header, the bytes of the template, then what carries the payload.

A program carries the payload behind it, a signed one in its certificate table, an app for macOS as
a file in its zip. Headers of HTTP are left to the site.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from installer.bundle import app, authenticode
from installer.bundle.app import Packed
from installer.bundle.authenticode import Signed
from installer.bundle.cookie import COOKIE_MAGIC
from installer.bundle.template import Template
from installer.errors import PayloadError, TemplateError, Text
from installer.formats import payload
from installer.formats.payload import Payload
from installer.formats.signature import SiteKey


@dataclass(frozen=True, slots=True)
class Bundle:
    """Depends on nothing but template and payload, so that caches and reputation can work."""

    template: Template
    tail: bytes = field(repr=False)
    head: bytes = field(default=b"", repr=False)
    """Stands in place of as many bytes at the beginning of the template."""

    @property
    def border(self) -> int:
        """Where the template's own bytes end and the tail begins."""
        return self.template.border

    @property
    def size(self) -> int:
        return self.border + len(self.tail)

    @property
    def etag(self) -> str:
        """Strong: two bundles with one tag have the same bytes."""
        return f'"{sha256(self.template.sha256.encode() + self.tail).hexdigest()[:40]}"'

    def chunks(
        self, start: int = 0, stop: int | None = None, chunk_size: int = 256 * 1024
    ) -> Iterator[bytes]:
        """The bytes from start to stop; never more of them in memory than one chunk.

        A template that has changed is noticed here, while an answer can still say so.
        """
        stop = self.size if stop is None else min(stop, self.size)
        try:
            _check_unchanged(self.template, self.template.path.stat())
        except OSError as error:
            raise _changed(self.template) from error
        return self._chunks(max(start, 0), stop, chunk_size)

    def _chunks(self, start: int, stop: int, chunk_size: int) -> Iterator[bytes]:
        border = self.border
        for position in range(start, min(stop, len(self.head)), chunk_size):
            yield self.head[position : min(position + chunk_size, stop)]
        start = max(start, min(stop, len(self.head)))
        if start < min(stop, border):
            yield from _template_chunks(self.template, start, min(stop, border), chunk_size)
        for position in range(max(start, border), stop, chunk_size):
            yield self.tail[position - border : min(position + chunk_size, stop) - border]


def join(template: Template, content: Payload, key: SiteKey) -> Bundle:
    return carry(template, payload.write(content, key))


def carry(template: Template, record: bytes) -> Bundle:
    """Put the record where this kind of template carries it."""
    match template.carrier:
        case Signed() as signed:
            head, tail = authenticode.put_together(signed, record)
        case Packed() as packed:
            head, tail = b"", app.put_together(packed, record)
        case None:
            head, tail = b"", record
    if _moves_cookie(tail):
        raise PayloadError(Text("This payload would make the program run something else."))
    return Bundle(template, tail, head)


def _moves_cookie(tail: bytes) -> bool:
    """Whether the program would find another archive than its own, wholly or half in the tail."""
    beginnings = (COOKIE_MAGIC[at:] for at in range(1, len(COOKIE_MAGIC)))
    return COOKIE_MAGIC in tail or tail.startswith(tuple(beginnings))


def _template_chunks(template: Template, start: int, stop: int, chunk_size: int) -> Iterator[bytes]:
    try:
        with template.path.open("rb", buffering=0) as program:
            _check_unchanged(template, os.fstat(program.fileno()))
            program.seek(start)
            while start < stop:
                chunk = program.read(min(chunk_size, stop - start))
                if not chunk:
                    raise _changed(template)
                start += len(chunk)
                yield chunk
    except OSError as error:
        raise _changed(template) from error


def _check_unchanged(template: Template, status: os.stat_result) -> None:
    if (status.st_size, status.st_mtime_ns) != (template.size, template.modified_ns):
        raise _changed(template)


def _changed(template: Template) -> TemplateError:
    return TemplateError(f"The program {template.path.name} has just changed; please try again.")
