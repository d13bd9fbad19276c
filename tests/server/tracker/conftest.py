"""A tracker to look at from outside: the real process, or any other at a given address."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from .site_process import Site

# Info-hashes that the tracker under test must welcome, each for one test.
WELCOME = [bytes([number]) * 20 for number in range(130, 250)]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with some releases."""
    site = Site(tmp_path_factory.mktemp("site"))
    site.migrate()
    site.welcome(*WELCOME)
    return site


@pytest.fixture(scope="session")
def address(request: pytest.FixtureRequest) -> Iterator[tuple[str, int]]:
    """Host and port of the tracker under test.

    TRACKER_UNDER_TEST=HOST:PORT names another one, which must welcome `WELCOME`.
    """
    if given := os.environ.get("TRACKER_UNDER_TEST"):
        host, _, port = given.rpartition(":")
        yield host, int(port)
        return
    site: Site = request.getfixturevalue("site")
    with site.tracker() as (_, port):
        yield "127.0.0.1", port


@pytest.fixture(scope="session")
def unused() -> Iterator[bytes]:
    """Welcome info-hashes that no test has used."""
    return iter(WELCOME)


@pytest.fixture
def film(unused: Iterator[bytes]) -> bytes:
    """A welcome info-hash for this test alone."""
    return next(unused)


@pytest.fixture
def own_site(tmp_path: Path) -> Site:
    """A site for this test alone."""
    site = Site(tmp_path)
    site.migrate()
    return site
