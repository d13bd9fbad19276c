"""Another site for tests: a feed, torrent files and a tracker's numbers, on loopback."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from installer.formats import bencoding, metainfo
from server.site import rss
from server.site.rss import Channel, Item
from tests.answering import Asked, Reply, answering
from tests.server import factories
from tests.server.factories import NOON


class Foreign:
    """A site whose pages can be changed while it runs; it writes down what it was asked."""

    def __init__(self) -> None:
        self.pages: dict[str, Reply] = {}
        self.asked: list[str] = []
        self.numbers: dict[bytes, dict[bytes, int]] = {}
        self.url = ""

    def answer(self, asked: Asked) -> Reply:
        path, _, _query = asked.path.partition("?")
        self.asked.append(path)
        if path == "/scrape":
            return Reply(bencoding.encode({b"files": dict(self.numbers)}))
        return self.pages.get(path, Reply(status=404))

    def publishes(self, *titles: str, downloads: int | None = None, at: datetime = NOON) -> None:
        """Put releases with these titles into the feed; the torrents name this site's tracker."""
        items = []
        for title in titles:
            torrent = factories.torrent("film.mkv", title.encode(), announce=f"{self.url}/announce")
            path = f"/{abs(hash(title))}.torrent"
            self.pages[path] = Reply(torrent)
            info_hash = metainfo.read(torrent).info_hash.hex()
            numbers = {} if downloads is None else {"downloads": str(downloads)}
            numbers |= {} if downloads is None else {"allDownloads": str(downloads * 10)}
            items.append(
                Item(
                    title=title,
                    description="",
                    page_url=f"{self.url}/torrents/{info_hash}/",
                    torrent_url=f"{self.url}{path}",
                    torrent_bytes=len(torrent),
                    info_hash=info_hash,
                    published_at=at,
                    torrent={"infoHash": info_hash},
                    passalong=numbers,
                )
            )
        self.serves(self.feed(*items))

    def feed(self, *items: Item) -> bytes:
        """A feed of these items at this site's address."""
        channel = Channel(
            title="Films",
            description="",
            page_url=f"{self.url}/",
            feed_url=f"{self.url}/feed.xml",
            items=items,
        )
        return rss.write(channel, NOON)

    def serves(self, feed: bytes) -> None:
        """Answer with this under the feed's address."""
        self.pages["/feed.xml"] = Reply(feed)

    def fetches(self, path: str = "/feed.xml") -> int:
        """How often a page was asked for."""
        return self.asked.count(path)


@contextmanager
def foreign_site() -> Iterator[Foreign]:
    """A running one."""
    site = Foreign()
    with answering(site.answer) as site.url:
        yield site
