"""Somebody else's program, FlexGet, reads our feed and takes the torrent files from it."""

import os
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from installer.formats import metainfo
from tests.programs import ROOT, clean_environment, running
from tests.server import factories

FLEXGET = ROOT / ".cache/flexget/bin/flexget"
CONFIGURATION = """\
tasks:
  films:
    rss: {url}/feed.xml
    accept_all: yes
    download: {folder}
"""


@pytest.mark.django_db(transaction=True)
def test_downloads_the_torrent_file_of_every_release(
    live_server: LiveServer, tmp_path: Path
) -> None:
    if not FLEXGET.exists():
        sentence = "FlexGet is not installed. This would enable the test: make consumers"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(sentence)
    factories.site(address=live_server.url)
    releases = [factories.release(title) for title in ("Film & <b>Music</b>", "Ein Märchen")]
    folder = tmp_path / "downloads"
    folder.mkdir()
    configuration = tmp_path / "config.yml"
    configuration.write_text(CONFIGURATION.format(url=live_server.url, folder=folder))

    command = [FLEXGET, "-c", configuration, "--loglevel", "INFO", "execute", "--no-cache"]
    environment = clean_environment(HOME=str(tmp_path))
    with running(command, tmp_path / "log", environment) as process:
        assert process.wait(120) == 0, process.output

    saved = {path.name: metainfo.read(path.read_bytes()) for path in folder.iterdir()}
    assert {name: torrent.info_hash.hex() for name, torrent in saved.items()} == {
        f"{release.slug}.torrent": release.info_hash for release in releases
    }, process.output
