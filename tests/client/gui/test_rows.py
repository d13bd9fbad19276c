"""Several transfers in one window, each with a row of its own."""

from dataclasses import replace

from client.gui.cards import TransferCard
from client.gui.presenter import Standing
from client.jobs.progress import Phase
from tests.client.gui.conftest import Person
from tests.client.gui.moments import ALBUM, DOWNLOADING, running
from tests.client.gui.pages import clear, lay


def test_each_row_shows_and_does_its_own(person: Person) -> None:
    film, album = running(DOWNLOADING), running(replace(ALBUM, phase=Phase.CHECKING))
    lay(person, film, album)
    upper, lower = (one for one in person.widgets() if isinstance(one, TransferCard))
    assert "Downloading" in person.texts(upper)
    assert "Checking what is already here" in person.texts(lower)
    person.find("Pause", lower)[0].invoke()
    assert (film.standing, album.standing) == (Standing.RUNS, Standing.PAUSED)
    person.draws()
    assert "Paused" not in person.texts(upper)
    assert "Paused" in person.texts(lower)
    person.find("▸ Details", lower)[0].invoke()
    person.root.update()
    assert person.find("Copy magnet link", lower)
    assert not person.find("Copy magnet link", upper)
    clear(person)


def test_a_row_that_goes_leaves_the_others_as_they_are(person: Person) -> None:
    film, album = running(DOWNLOADING), running(ALBUM)
    lay(person, film, album)
    upper, lower = (one for one in person.widgets() if isinstance(one, TransferCard))
    person.find("▸ Details", lower)[0].invoke()
    person.find("Cancel", upper)[0].invoke()
    person.wait_for("one row", lambda: person.desk.transfers == [album])
    person.draws()
    assert not upper.winfo_exists()
    assert person.find("▾ Details", lower)
    clear(person)


def test_what_is_paused_is_connected_to_nobody() -> None:
    film = running(DOWNLOADING)
    film.pause()
    film.wait(10)
    now = film.progress
    assert (now.peers, now.seeds, now.givers, now.takers) == (0, 0, 0, 0)
