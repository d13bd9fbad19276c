"""Bencoding read strictly: one value has exactly one spelling. What values mean is for others.

Other decoders accept `i007e`, unsorted or repeated keys, or bytes after the end, and then two
programs can see two different torrents in the same file. A scan of our own comes first: it does
not recurse, so a file of a million brackets costs nothing, and it can say what is wrong where.
"""

import re
from collections.abc import Iterator
from typing import TypeAlias

from bencodepy import Bencode, BencodeDecodeError

from installer.errors import BencodeError, Text

Value: TypeAlias = int | bytes | list["Value"] | dict[bytes, "Value"]
Spans: TypeAlias = dict[bytes, slice]

MAX_DEPTH = 16
MAX_TOKENS = 500_000

_bencode = Bencode()

_TOKEN = re.compile(rb"i(0|-?[1-9][0-9]{0,18})e|(0|[1-9][0-9]{0,11}):|(l)|(d)|(e)")
_INTEGER, _STRING, _LIST, _DICTIONARY, _END = range(1, 6)


def decode(data: bytes, *, max_depth: int = MAX_DEPTH, max_tokens: int = MAX_TOKENS) -> Value:
    value, _ = _read(data, max_depth, max_tokens)
    return value


def encode(value: Value) -> bytes:
    encoded: bytes = _bencode.encode(value)
    return encoded


def read_dictionary(
    data: bytes, *, max_depth: int = MAX_DEPTH, max_tokens: int = MAX_TOKENS
) -> tuple[dict[bytes, Value], Spans]:
    """Decode a dictionary; the spans say where in the data each of its values stands."""
    value, spans = _read(data, max_depth, max_tokens)
    if not isinstance(value, dict):
        raise _refused(Text("this is not a dictionary"), 0)
    return value, spans


def _read(data: bytes, max_depth: int, max_tokens: int) -> tuple[Value, Spans]:
    spans = _scan(data, max_depth, max_tokens)
    try:
        value: Value = _bencode.decode(data)
    except BencodeDecodeError as error:
        raise _refused(Text("the values cannot be read"), 0) from error
    if encode(value) != data:
        raise _refused(Text("the values could have been written in another way"), 0)
    return value, spans


def _scan(data: bytes, max_depth: int, max_tokens: int) -> Spans:
    """Check the form of the whole; return the spans of the outermost dictionary's values."""
    spans: Spans = {}
    is_dictionary: list[bool] = []
    last_keys: list[bytes | None] = []
    value_starts: list[int] = []
    wants_key = False
    for kind, start, body, stop in _tokens(data, max_tokens):
        if wants_key and kind != _END:
            last_keys[-1] = _key(data, kind, slice(body, stop), last_keys[-1], start)
            wants_key = False
            value_starts[-1] = stop
            continue
        if kind in (_LIST, _DICTIONARY):
            wants_key = kind == _DICTIONARY
            is_dictionary.append(wants_key)
            last_keys.append(None)
            value_starts.append(stop)
            if len(last_keys) > max_depth:
                raise _refused(
                    Text("the values are nested more than {limit} deep", limit=max_depth), start
                )
            continue
        if kind == _END:
            _check_end(is_dictionary, wants_key, start)
            is_dictionary.pop()
            last_keys.pop()
            value_starts.pop()
        if len(last_keys) < 2:
            if not last_keys:
                return _checked_length(data, stop, spans)
            if last_keys[0] is not None:
                spans[last_keys[0]] = slice(value_starts[0], stop)
        wants_key = is_dictionary[-1]
    raise _refused(Text("there are more than {limit:,} values", limit=max_tokens), len(data))


def _tokens(data: bytes, max_tokens: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield kind, start, start of the string's own bytes, and stop of each token."""
    match, end, position = _TOKEN.match, len(data), 0
    for _ in range(max_tokens):
        token = match(data, position)
        if token is None:
            raise _explained(data, position)
        kind, start, body = token.lastindex or 0, position, token.end()
        position = body
        if kind == _STRING:
            position += int(token[_STRING])
            if position > end:
                raise _refused(Text("a string is longer than the rest of the file"), start)
        yield kind, start, body, position


def _key(data: bytes, kind: int, span: slice, previous: bytes | None, start: int) -> bytes:
    if kind != _STRING:
        raise _refused(Text("a key is not a string"), start)
    key = data[span]
    if previous is not None and key <= previous:
        raise _refused(Text("the keys are not in order, or one is there twice"), start)
    return key


def _check_end(is_dictionary: list[bool], wants_key: bool, start: int) -> None:
    if not is_dictionary:
        raise _refused(Text("there is no value"), start)
    if is_dictionary[-1] and not wants_key:
        raise _refused(Text("a key has no value"), start)


def _checked_length(data: bytes, stop: int, spans: Spans) -> Spans:
    if stop != len(data):
        raise _refused(Text("something stands after the end"), stop)
    return spans


def _explained(data: bytes, start: int) -> BencodeError:
    if start >= len(data):
        return _refused(Text("it ends too early"), start)
    if data[start] == ord("i"):
        return _refused(Text("a number is not a plain whole number of at most 19 digits"), start)
    if data[start] in b"0123456789":
        return _refused(Text("the length of a string is not a plain number"), start)
    return _refused(Text("no value starts like this"), start)


def _refused(why: Text, offset: int) -> BencodeError:
    return BencodeError(
        Text("This is not proper bencoding: {why} (byte {offset:,}).", why=why, offset=offset),
        offset=offset,
    )
