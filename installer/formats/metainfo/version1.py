"""The files and pieces of version 1 (BEP 3), with padding files between them (BEP 47)."""

import re
from dataclasses import dataclass

from installer.errors import FormatError, MetainfoError, Text
from installer.formats.bencoding import Value
from installer.formats.fields import Fields
from installer.formats.metainfo import paths
from installer.formats.metainfo.values import File, Limits
from installer.formats.names import check_name, shown

HASH_LENGTH = 20
_PADDING_NAME = re.compile(rb"[0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class Content:
    """The files without padding, where each begins among the pieces, and where the last ends."""

    files: tuple[File, ...]
    offsets: tuple[int, ...]
    padded_size: int


@dataclass(frozen=True, slots=True)
class _Entry:
    path: tuple[str, ...]
    length: int
    is_padding: bool


def read_files(info: Fields, name: str, piece_length: int, limits: Limits) -> Content:
    if info.has("files") == info.has("length"):
        raise info.refusal("files", Text("or “length” must be there, and only one of them"))
    if info.has("length"):
        entries = [_Entry((name,), info.integer("length"), is_padding=False)]
        _check_attributes(info, name)
    else:
        entries = _read_entries(info, piece_length, limits)
    return _checked_content(entries, limits)


def check_pieces(info: Fields, piece_length: int, size: int) -> None:
    pieces = info.string("pieces")
    if len(pieces) != HASH_LENGTH * -(-size // piece_length):
        reason = Text(
            "does not have one hash for each {piece_length:,} of {size:,} bytes",
            piece_length=piece_length,
            size=size,
        )
        raise info.refusal("pieces", reason)


def refuse_second_spelling(fields: Fields, key: str) -> None:
    """Some programs prefer this old field over the real one, and would see other names."""
    second = f"{key}.utf-8"
    if fields.has(second) and fields.get(second) != fields.get(key):
        raise fields.refusal(second, Text("is not the same as “{key}”", key=key))


def _read_entries(info: Fields, piece_length: int, limits: Limits) -> list[_Entry]:
    values = info.sequence("files")
    if len(values) > 2 * limits.files:
        raise _too_many(len(values), limits)
    known_names: dict[bytes, str] = {}
    return [
        _read_entry(value, number, piece_length, known_names)
        for number, value in enumerate(values, start=1)
    ]


def _read_entry(
    value: Value, number: int, piece_length: int, known_names: dict[bytes, str]
) -> _Entry:
    if not isinstance(value, dict):
        raise MetainfoError(
            Text("Torrent: file {number:,} is not a dictionary.", number=number), field="files"
        )
    entry = Fields(value, MetainfoError, Text("Torrent, file {number:,}", number=number))
    length = entry.integer("length")
    if b"p" in _attributes(entry):
        if length >= piece_length:
            raise entry.refusal("length", Text("is that of padding, but not shorter than a piece"))
        _check_padding_path(entry)
        return _Entry((), length, is_padding=True)
    path = _read_path(entry, known_names)
    _check_attributes(entry, "/".join(path))
    return _Entry(path, length, is_padding=False)


def _check_padding_path(entry: Fields) -> None:
    """Programs that do not know padding (BEP 47) write it as a file, wherever its path leads."""
    refuse_second_spelling(entry, "path")
    match entry.sequence("path"):
        case [b".pad", bytes(name)] if _PADDING_NAME.fullmatch(name):
            _check_attributes(entry, "padding")
        case _:
            raise entry.refusal("path", Text("is that of padding, but not “.pad” and a number"))


def _read_path(entry: Fields, known_names: dict[bytes, str]) -> tuple[str, ...]:
    refuse_second_spelling(entry, "path")
    raw = entry.sequence("path")
    path = []
    for element in raw:
        if not isinstance(element, bytes):
            raise entry.refusal("path", Text("must be a list of strings"))
        if element not in known_names:
            known_names[element] = check_name(element)
        path.append(known_names[element])
    if not path:
        raise entry.refusal("path", Text("is empty"))
    return tuple(path)


def _check_attributes(entry: Fields, path: str) -> None:
    if b"l" in _attributes(entry) or entry.has("symlink path"):
        text = shown(path)
        raise MetainfoError(
            Text("“{file}” is a symbolic link; publish the file itself.", file=text), field=text
        )


def _attributes(entry: Fields) -> bytes:
    return entry.string("attr") if entry.has("attr") else b""


def _checked_content(entries: list[_Entry], limits: Limits) -> Content:
    files, offsets, offset = [], [], 0
    for entry in entries:
        if not entry.is_padding:
            files.append(File(entry.path, entry.length))
            offsets.append(offset)
        offset += entry.length
    if len(files) > limits.files:
        raise _too_many(len(files), limits)
    if not sum(file.length for file in files):
        raise MetainfoError(
            Text("There is nothing in this torrent: it has no bytes."), field="length"
        )
    if offset > limits.total_size:
        text = Text(
            "The files of this torrent are larger than {limit:,} bytes together.",
            limit=limits.total_size,
        )
        raise MetainfoError(text, field="length")
    paths.check_all(files, limits)
    return Content(tuple(files), tuple(offsets), offset)


def _too_many(count: int, limits: Limits) -> FormatError:
    text = Text(
        "This torrent has {count:,} files; at most {limit:,} are allowed.",
        count=count,
        limit=limits.files,
    )
    return MetainfoError(text, field="files")
