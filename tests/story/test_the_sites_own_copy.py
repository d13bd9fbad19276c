"""The site keeps a copy, so a download ends well when nobody else is online any more."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.programs import wait_until
from tests.story.people import SECONDS_TO_DOWNLOAD, Person, make_film, tree
from tests.story.site import Site, serving, set_up


@pytest.fixture(scope="module")
def site(frozen_client: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site as it comes: with space for copies."""
    folder = tmp_path_factory.mktemp("site")
    with serving(folder / "data", folder / "serve.log", templates=frozen_client) as site:
        set_up(site)
        yield site


def test_a_film_comes_from_the_site_when_its_publisher_has_left(
    site: Site, alice: Person, bob: Person, tmp_path: Path
) -> None:
    film = make_film(tmp_path / "Die Reise zum Mond – ein Fund")
    publisher = alice.publish(film)
    release = bob.wait_for_release(film.name)
    about = f"{site.url}/api/v1/torrents/{release}"
    wait_until("the site having a copy", lambda: bob.browser.read(about).count('"here"'))
    assert publisher.stop() == 0, publisher.output

    visitor = bob.easy_download(release, "--stop-when", "complete")

    assert visitor.wait(SECONDS_TO_DOWNLOAD) == 0, visitor.output
    assert bob.saved(film) == tree(film)
