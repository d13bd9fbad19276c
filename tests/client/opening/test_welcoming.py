"""Each site's page of welcome is opened once."""

from pathlib import Path

from client.opening.welcoming import NAME, welcome_page

ALICE, BOB = "https://alice.example", "https://bob.example/films"


def test_each_site_is_visited_once(tmp_path: Path) -> None:
    assert welcome_page(ALICE, tmp_path) == "https://alice.example/welcome/"
    assert welcome_page(BOB, tmp_path) == "https://bob.example/films/welcome/"
    assert welcome_page(ALICE, tmp_path) is None


def test_a_damaged_list_begins_anew(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"{")
    assert welcome_page(ALICE, tmp_path) is not None


def test_opens_nothing_that_it_could_not_remember(tmp_path: Path) -> None:
    assert welcome_page(ALICE, tmp_path / "nowhere") is None
