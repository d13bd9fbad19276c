"""A name that passes means the same on every computer; all others are refused, none repaired."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.errors import NameRefused
from installer.formats.names import check_name, check_paths

GOOD = [
    "film.mkv",
    "Zoë Ŝ.txt",
    "夜.mp4",
    "a b (1)",
    ".hidden",
    "COM10",
    "console",
    "👻",
    "x" * 240,
    "____padding_file_0",
    "_____PADDING_FILE_0_x",
]

BAD = [
    "",
    ".",
    "..",
    "../../x",
    "/etc/passwd",
    "..\\..\\x",
    "C:\\x",
    "x:stream",
    "what?",
    "CON",
    "con.txt",
    "nul.tar.gz",
    "AUX .x",
    "COM¹",
    "lpt9",
    "CONIN$",
    "a.",
    "a ",
    "x" * 241,
    "a\0",
    "a\r\nb",
    "a\x0b",
    "a\x7f",
    "a\x85",
    "gpj.\u202eexe",
    "a\u200bb",
    "a\u2066b",
    "\ufeffa",
    "a\u2028b",
    "e\u0301",
    "_____padding_file_0_x",
    "my _____padding_file_",
]


@pytest.mark.parametrize("name", GOOD)
def test_accepts_a_name_as_it_is(name: str) -> None:
    assert check_name(name.encode()) == name


@pytest.mark.parametrize("name", BAD)
def test_refuses_a_name_and_says_which(name: str) -> None:
    with pytest.raises(NameRefused, match=r"^The name “") as refusal:
        check_name(name.encode())
    assert str(refusal.value).isprintable()


def test_refuses_what_is_not_utf8() -> None:
    with pytest.raises(NameRefused, match="UTF-8"):
        check_name(b"caf\xe9")


@given(st.binary(max_size=30))
def test_never_repairs(raw: bytes) -> None:
    try:
        name = check_name(raw)
    except NameRefused:
        return
    assert name.encode() == raw


@pytest.mark.parametrize(
    "paths",
    [
        [("a",), ("a",)],
        [("a",), ("A",)],
        [("a",), ("a", "b")],
        [("a", "b"), ("a",)],
        [("a",), ("A", "b")],
        [("Docs", "a"), ("docs", "b")],
        [("é",), ("e\u0301",)],
        [("STRASSE",), ("straße",)],
    ],
    ids=str,
)
def test_refuses_two_paths_in_one_place(paths: list[tuple[str, ...]]) -> None:
    with pytest.raises(NameRefused, match=r"^The name “"):
        check_paths(paths)


def test_accepts_one_name_in_two_folders() -> None:
    check_paths([("a", "x"), ("a", "y"), ("b", "x"), ("b", "a", "x")])


def test_accepts_very_many_files_and_very_deep_folders() -> None:
    check_paths(("folder", str(number)) for number in range(100_000))
    check_paths([("deep",) * 100_000])
