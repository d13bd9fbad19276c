"""Searching: the same on both databases, literal, and gone with the release."""

import pytest

from server.catalog.models import Release
from server.catalog.searching import words_of
from server.catalog.services import remove
from tests.server import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _releases() -> None:
    factories.site()
    factories.release("100% Wool", description="a film about Sheep")
    factories.release("1000 Goats", data=factories.torrent("Überraschung_im-Stall.mkv"))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("100%", ["100% Wool"]),
        ("wool sheep", ["100% Wool"]),
        ("WOO she", ["100% Wool"]),
        ("ool", []),
        ("wool goats", []),
        ("uberraschung", ["1000 Goats"]),
        ("stall MKV", ["1000 Goats"]),
        ("%", []),
        ("", ["1000 Goats", "100% Wool"]),
        ('"wool" OR goats', []),
        ("wool*) NEAR(", []),
        ("w'ool & goats | !sheep", []),
    ],
)
def test_finds_whole_words_and_their_beginnings(words: str, found: list[str]) -> None:
    assert [each.title for each in Release.objects.matching(words)] == found
    assert {each.title for each in Release.objects.among_newest_matching(words)} == set(found)


def test_forgets_a_release_that_is_gone() -> None:
    remove(Release.objects.matching("goats").get())
    assert not Release.objects.matching("goats").exists()


def test_cuts_words_at_everything_that_is_no_letter_or_digit() -> None:
    assert words_of("Ärger_im Büro (2).tar.gz 東京") == [
        "arger",
        "im",
        "buro",
        "2",
        "tar",
        "gz",
        "東京",
    ]
