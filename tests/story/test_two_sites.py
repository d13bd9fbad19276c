"""Two sites: one publishes and pings, the other one fetches, checks and shows.

A broker that is a server serves both.
"""

import sys
from pathlib import Path

import feedparser
import pytest

from tests.programs import ROOT, clean_environment, running, wait_until
from tests.server import factories
from tests.story.site import ADMIN, PASSWORD, Browser, Site, serving, set_up

SECONDS_TO_BE_LISTED = 60


@pytest.mark.broker
def test_what_one_site_publishes_stands_in_the_others_top_40(broker: str, tmp_path: Path) -> None:
    (tmp_path / "films").mkdir()
    (tmp_path / "top").mkdir()
    variables = {"PASSALONG_FETCH_PRIVATE": "true", "CELERY_BROKER_URL": broker}
    with (
        serving(tmp_path / "films/data", tmp_path / "films/log", **variables) as films,
        serving(tmp_path / "top/data", tmp_path / "top/log", **variables) as top,
    ):
        collector, publisher = admin_of(top), admin_of(films)
        switch = "/admin/aggregator/aggregator/1/change/"
        collector.send(switch, is_on="on", lists_new_sites_at_once="on")
        pings = "/admin/feeds/pingtarget/"
        publisher.send(pings, f"{pings}switch/", is_on="yes")
        publisher.send(f"{pings}add/", address=f"{top.url}/ping/", kind="form", is_on="on")

        publish(films, "A Trip to the Moon", tmp_path, broker)

        wait_until(
            "the film in the other site's Top 40",
            lambda: "A Trip to the Moon" in collector.read("/top/"),
            SECONDS_TO_BE_LISTED,
        )
        feed = feedparser.parse(collector.open("/top/feed.xml").content)
        assert not feed.bozo
        assert [entry.title for entry in feed.entries] == ["A Trip to the Moon"]
        assert feed.entries[0].link.startswith(f"{films.url}/torrents/")
        assert "taken" in publisher.read("/admin/feeds/pingtarget/")
        collector.close()
        publisher.close()


def admin_of(site: Site) -> Browser:
    """The site's admin, who has just set it up."""
    set_up(site)
    browser = Browser(site)
    browser.sign_in(ADMIN, PASSWORD)
    return browser


def publish(site: Site, title: str, folder: Path, broker: str) -> None:
    """Publish a small torrent from the command line, as an admin would."""
    torrent = folder / "film.torrent"
    torrent.write_bytes(factories.torrent(content=title.encode()))
    command = [sys.executable, ROOT / "manage.py", "publish", torrent, "--title", title]
    environment = clean_environment(PASSALONG_DATA_DIR=str(site.data_dir), CELERY_BROKER_URL=broker)
    with running([*command, "--user", ADMIN], folder / "publish.log", environment) as process:
        assert process.wait() == 0, process.output
