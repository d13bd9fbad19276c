"""Range headers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.site.ranges import Part, Unsatisfiable, read


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-0", Part(0, 1)),
        ("bytes=5-", Part(5, 100)),
        ("bytes=-7", Part(93, 100)),
        ("bytes=-700", Part(0, 100)),
        ("bytes=90-1000", Part(90, 100)),
        ("BYTES=1-2", Part(1, 3)),
    ],
)
def test_reads_single_and_suffix_ranges(header: str, part: Part) -> None:
    assert read(header, 100) == part


@pytest.mark.parametrize(
    "header",
    ["", "bytes=", "bytes=-", "bytes=5-4", "bytes=0-,0-", "pages=1-2", "bytes=a-b", "bytes=1"],
)
def test_answers_with_the_whole_file_to_anything_else(header: str) -> None:
    assert read(header, 100) is None


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_refuses_what_lies_behind_the_end(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        read(header, 100)


@given(st.text(), st.integers(1, 10**6))
def test_never_leaves_the_file(text: str, size: int) -> None:
    try:
        part = read(f"bytes={text}", size)
    except Unsatisfiable:
        return
    assert part is None or 0 <= part.start < part.stop <= size
