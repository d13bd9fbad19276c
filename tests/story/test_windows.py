"""The story with the Windows program: download and pass on, publish, from the site's own pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.story.people import SECONDS_TO_DOWNLOAD, Person, make_film, tree
from tests.story.site import ADMIN, PASSWORD, Site, serving, set_up
from tests.story.windows import WindowsPerson
from tests.windows import Windows, freeze, open_windows


@pytest.fixture(scope="module")
def site(frozen_client: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with programs for Linux and for Windows."""
    freeze(frozen_client)
    folder = tmp_path_factory.mktemp("site")
    with serving(folder / "data", folder / "serve.log", templates=frozen_client) as site:
        set_up(site)
        yield site


@pytest.fixture(scope="module")
def windows(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Windows]:
    with open_windows(tmp_path_factory.mktemp("wine")) as windows:
        yield windows


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
