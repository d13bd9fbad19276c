"""Somebody else's program, qBittorrent, subscribes to the feed and downloads what is published."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from tests.programs import clean_environment, free_port, needs, running, wait_until
from tests.story.people import SECONDS_TO_DOWNLOAD, Person, make_film, tree
from tests.story.site import Site

SECONDS_TO_START = 60
CONFIGURATION = """\
[LegalNotice]
Accepted=true
[Preferences]
WebUI\\Address=127.0.0.1
WebUI\\Port={port}
WebUI\\LocalHostAuth=false
WebUI\\CSRFProtection=false
General\\Locale=en
[BitTorrent]
Session\\DHTEnabled=false
Session\\LSDEnabled=false
Session\\PeXEnabled=false
Session\\MultiConnectionsPerIp=true
Session\\Interface=lo
Session\\Port={peer_port}
[Network]
PortForwardingEnabled=false
[RSS]
Session\\EnableProcessing=true
AutoDownloader\\EnableProcessing=true
"""


class QBittorrent:
    """A running qBittorrent, spoken to as its own web page does."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}/api/v2"

    def is_up(self) -> bool:
        """Whether it answers."""
        try:
            return requests.get(f"{self._url}/app/version", timeout=5).ok
        except requests.ConnectionError:
            return False

    def tell(self, what: str, **fields: str) -> None:
        """Have something done."""
        answer = requests.post(f"{self._url}/{what}", data=fields, timeout=30)
        assert answer.ok, f"{what}: {answer.status_code} {answer.text}"

    def ask(self, what: str) -> Any:
        """Have something told."""
        return requests.get(f"{self._url}/{what}", timeout=30).json()


@contextmanager
def qbittorrent(folder: Path) -> Iterator[QBittorrent]:
    """A qBittorrent without a window and with nothing in it."""
    program = needs("qbittorrent-nox", apt="qbittorrent-nox")
    port = free_port()
    settings = folder / "qBittorrent/config/qBittorrent.conf"
    settings.parent.mkdir(parents=True)
    settings.write_text(CONFIGURATION.format(port=port, peer_port=free_port()))
    environment = clean_environment(HOME=str(folder), XDG_RUNTIME_DIR=str(folder))
    with running([program, f"--profile={folder}"], folder / "log", environment):
        found = QBittorrent(port)
        wait_until("qBittorrent answering", found.is_up, SECONDS_TO_START)
        yield found


def test_its_rule_fires_and_the_torrent_completes(
    site: Site, alice: Person, bob: Person, tmp_path: Path
) -> None:
    film = make_film(tmp_path / "Le Voyage à travers l’impossible")
    alice.publish(film)
    release = bob.wait_for_release("Le Voyage")
    feed, downloads = f"{site.url}/feed.xml", tmp_path / "downloads"

    with qbittorrent(tmp_path / "profile") as program:
        rule = {"enabled": True, "affectedFeeds": [feed], "savePath": str(downloads)}
        program.tell("rss/addFeed", url=feed, path="films")
        program.tell("rss/setRule", ruleName="all", ruleDef=json.dumps(rule))
        program.tell("rss/refreshItem", itemPath="films")

        articles = wait_until(
            "articles", lambda: program.ask("rss/items?withData=true")["films"].get("articles")
        )
        (article,) = articles
        assert article["torrentURL"].endswith(".torrent")
        assert article["id"] == release
        assert article["link"] == f"{site.url}/torrents/{release}/"
        assert "Le Voyage" in article["title"]

        def is_complete() -> bool:
            torrents = program.ask("torrents/info")
            return [each["progress"] for each in torrents] == [1]

        wait_until("the whole film", is_complete, SECONDS_TO_DOWNLOAD)
        assert tree(downloads / film.name) == tree(film)
