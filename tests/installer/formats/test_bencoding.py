"""Bencoding has one spelling for each value, and whatever is not that is refused quickly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.errors import BencodeError
from installer.formats import bencoding

VALUES = st.recursive(
    st.integers(-(10**18), 10**18) | st.binary(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.binary(max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)

DAMAGE = {
    "nothing": b"",
    "a page": b"<html>",
    "minus zero": b"i-0e",
    "leading zeros": b"i007e",
    "plus": b"i+1e",
    "underscore": b"i1_0e",
    "space": b"i 1e",
    "no digits": b"ie",
    "5,000 digits": b"i" + b"9" * 5_000 + b"e",
    "20 digits": b"i" + b"1" * 20 + b"e",
    "huge length": b"99999999999999999999:x",
    "negative length": b"-1:x",
    "leading zero in a length": b"01:x",
    "length beyond the end": b"5:abc",
    "unsorted keys": b"d1:bi1e1:ai2ee",
    "a key twice": b"d1:ai1e1:ai2ee",
    "the empty key twice": b"d0:i1e0:i2ee",
    "a number as key": b"di1ei2ee",
    "key without value": b"d1:ae",
    "end without beginning": b"e",
    "no end": b"l",
    "a key and no more": b"d1:a",
    "two values": b"i1ei2e",
    "a line feed at the end": b"i1e\n",
}


@given(VALUES)
def test_returns_what_was_written(value: bencoding.Value) -> None:
    assert bencoding.decode(bencoding.encode(value)) == value


@given(st.binary(max_size=60))
def test_accepts_no_second_spelling(data: bytes) -> None:
    try:
        value = bencoding.decode(data)
    except BencodeError:
        return
    assert bencoding.encode(value) == data


@given(VALUES, st.data())
def test_refuses_what_was_cut_off(value: bencoding.Value, data: st.DataObject) -> None:
    encoded = bencoding.encode(value)
    stop = data.draw(st.integers(0, len(encoded) - 1))
    with pytest.raises(BencodeError):
        bencoding.decode(encoded[:stop])


@pytest.mark.parametrize("data", DAMAGE.values(), ids=DAMAGE.keys())
def test_refuses_damage_with_a_sentence(data: bytes) -> None:
    with pytest.raises(BencodeError, match=r"^This is not proper bencoding: .*\.$"):
        bencoding.decode(data)


@pytest.mark.parametrize("opening", [b"l", b"d1:a"], ids=["lists", "dictionaries"])
def test_refuses_100_000_levels(opening: bytes) -> None:
    with pytest.raises(BencodeError, match="nested"):
        bencoding.decode(opening * 100_000)


def test_counts_values_before_it_builds_them() -> None:
    with pytest.raises(BencodeError, match="more than 10 values"):
        bencoding.decode(b"l" + b"0:" * 20 + b"e", max_tokens=10)


@pytest.mark.parametrize("levels", [1, 16])
def test_accepts_sixteen_levels(levels: int) -> None:
    bencoding.decode(b"l" * levels + b"e" * levels)


def test_says_where_each_value_of_a_dictionary_stands() -> None:
    data = b"d1:ad1:xi1e1:ylee1:bi7e1:c3:abce"
    values, spans = bencoding.read_dictionary(data)
    assert {key: data[span] for key, span in spans.items()} == {
        b"a": b"d1:xi1e1:ylee",
        b"b": b"i7e",
        b"c": b"3:abc",
    }
    assert list(values) == list(spans)


def test_a_list_is_no_dictionary() -> None:
    with pytest.raises(BencodeError, match="not a dictionary"):
        bencoding.read_dictionary(b"le")
