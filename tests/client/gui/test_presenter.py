"""What the window says at each moment, without a screen."""

from dataclasses import replace
from pathlib import Path

import pytest

from client.gui.presenter import Deed, Mood, Standing, present, total
from client.jobs.progress import Phase, Progress

DOWNLOADING = Progress(
    Phase.DOWNLOADING,
    name="Around the World",
    site_name="example.org",
    done_bytes=588_000_000,
    total_bytes=1_400_000_000,
    rate=6_200_000,
    peers=9,
    givers=7,
    takers=2,
    place=Path("/home/bob/Downloads/Around the World"),
)
DONE = replace(
    DOWNLOADING, phase=Phase.SHARING, done_bytes=1_400_000_000, givers=0, is_complete=True
)
ALONE = replace(DOWNLOADING, rate=0, peers=0, givers=0, takers=0, copies_elsewhere=0)


def test_a_download_says_size_site_speed_time_and_people() -> None:
    card = present(DOWNLOADING, Standing.RUNS)
    assert card.origin == "1.4 GB · from example.org"
    assert card.figures == "42 % · 588.0 MB of 1.4 GB · 6.2 MB/s · about 2 minutes left"
    assert card.people == "Getting it from 7 people. You are helping 2 others."
    assert card.deeds == (Deed.PAUSE, Deed.OPEN_FOLDER, Deed.CANCEL)


def test_says_it_when_nobody_has_the_file() -> None:
    card = present(ALONE, Standing.RUNS)
    assert card.advice == "Nobody is online with this file right now; I keep trying."
    assert card.people == ""


@pytest.mark.parametrize("copies", [None, 1])
def test_claims_that_nobody_is_online_only_when_the_tracker_said_so(copies: int | None) -> None:
    card = present(replace(ALONE, copies_elsewhere=copies), Standing.RUNS)
    assert (card.headline, card.advice) == ("Looking for somebody who has it …", "")


@pytest.mark.parametrize("progress", [DOWNLOADING, ALONE, DONE], ids=lambda it: it.phase.value)
def test_what_is_wrong_is_said_beside_everything_else(progress: Progress) -> None:
    card = present(replace(progress, notice="The site is not found."), Standing.RUNS)
    assert card.notice == "The site is not found."
    assert "Nobody is online" not in card.advice


def test_says_it_when_those_who_are_here_give_nothing() -> None:
    waiting = present(replace(DOWNLOADING, rate=0, givers=0), Standing.RUNS)
    assert waiting.people == (
        "Those who are here send nothing at the moment; I keep trying. You are helping 2 others."
    )


def test_one_person_is_no_people() -> None:
    card = present(replace(DOWNLOADING, givers=1, takers=1), Standing.RUNS)
    assert card.people == "Getting it from 1 person. You are helping 1 other."


def test_a_complete_download_thanks_for_sharing() -> None:
    card = present(replace(DONE, uploaded_bytes=600_000_000), Standing.RUNS)
    assert card.headline == "Done: it is in Downloads"
    assert card.figures == "You have given 600.0 MB to others so far."
    assert (card.is_sharing, card.mood) == (True, Mood.GOOD)


def test_a_complete_download_that_is_no_longer_shared_can_be_shared_again() -> None:
    assert present(DONE, Standing.RESTS).is_sharing is False


def test_a_publisher_is_told_to_stay_until_others_have_it() -> None:
    published = replace(DONE, page_url="https://example.org/torrents/ab/", copies_elsewhere=0)
    assert "Keep this computer on" in present(published, Standing.RUNS).advice
    card = present(replace(published, copies_elsewhere=1), Standing.RUNS)
    assert "There is 1 complete copy elsewhere now" in card.advice
    assert Deed.OPEN_PAGE in card.deeds


def test_a_publisher_is_told_when_the_site_has_its_own_copy() -> None:
    published = replace(DONE, page_url="https://example.org/torrents/ab/", has_site_copy=True)
    advice = present(published, Standing.RUNS).advice
    assert advice == "The site has its own copy now; you may stop."


def test_hashing_cannot_be_paused() -> None:
    assert present(replace(DOWNLOADING, phase=Phase.HASHING), Standing.RUNS).deeds == (Deed.CANCEL,)


def test_a_paused_download_can_go_on() -> None:
    assert Deed.RESUME in present(DOWNLOADING, Standing.PAUSED).deeds


def test_a_failure_says_why_and_keeps_the_way_on_open() -> None:
    card = present(DOWNLOADING, Standing.FAILED, "The disk is full.")
    assert (card.advice, card.mood) == ("The disk is full.", Mood.BAD)
    assert Deed.RESUME in card.deeds


@pytest.mark.parametrize("standing", list(Standing))
def test_only_a_folder_that_is_known_can_be_opened(standing: Standing) -> None:
    nowhere = replace(DOWNLOADING, place=None)
    assert Deed.OPEN_FOLDER not in present(nowhere, standing).deeds


@pytest.mark.parametrize("standing", list(Standing))
@pytest.mark.parametrize("phase", list(Phase))
def test_a_name_cannot_command_the_window(phase: Phase, standing: Standing) -> None:
    hostile = replace(DOWNLOADING, phase=phase, name="a\u202egpj\n", notice="\x1b")
    card = present(hostile, standing, "\x1b")
    assert not {"\x1b", "\u202e", "\n"} & set(
        card.title + card.notice + card.advice + card.headline
    )


def test_the_title_of_the_window_says_how_far_it_is() -> None:
    card = present(DOWNLOADING, Standing.RUNS)
    assert total([card]) == "42 % · Around the World · Passalong"
    assert total([]) == "Passalong"
