"""The story with the Windows program: download and pass on, publish, from the site's own pages."""

from pathlib import Path

import pytest

from installer.bundle.template import Template
from tests.story.people import SECONDS_TO_DOWNLOAD, Person, make_film, tree
from tests.story.site import ADMIN, PASSWORD, Site
from tests.story.windows import WindowsPerson
from tests.windows import Windows


@pytest.fixture(scope="module", autouse=True)
def offers_windows(windows_client: Template, frozen_client: Path) -> None:
    """The site has a program for Windows too."""
    assert windows_client.path.parent == frozen_client


def test_a_film_goes_from_linux_to_windows_and_from_there_to_linux(
    alice: Person, charlie: Person, site: Site, windows: Windows, tmp_path: Path
) -> None:
    film = make_film(tmp_path / "Die Reise zum Mond – ein Fund")
    publisher = alice.publish(film)
    release = charlie.wait_for_release(film.name)
    with WindowsPerson("bob", site, tmp_path, windows) as bob:
        bob.wait_until_saved(film, bob.easy_download(release))
        assert publisher.stop() == 0, publisher.output
        download = charlie.easy_download(release, "--stop-when", "complete")

        assert download.wait(SECONDS_TO_DOWNLOAD) == 0, download.output
    assert charlie.saved(film) == tree(film)


def test_publishes_from_windows(
    charlie: Person, site: Site, windows: Windows, tmp_path: Path
) -> None:
    film = make_film(tmp_path / "Le Voyage à travers l’impossible")
    with WindowsPerson("bob", site, tmp_path, windows) as bob:
        bob.browser.sign_in(ADMIN, PASSWORD)
        bob.publish(film)
        release = charlie.wait_for_release(film.name)
        download = charlie.easy_download(release, "--stop-when", "complete")

        assert download.wait(SECONDS_TO_DOWNLOAD) == 0, download.output
    assert charlie.saved(film) == tree(film)
