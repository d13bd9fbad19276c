"""HTTP scrapes and their replies: BEP 48."""

from collections.abc import Iterable

from ..core.errors import RequestError
from ..core.messages import ScrapeEntry
from .queries import Query

MOST_INFO_HASHES = 74  # as many as fit into one packet of BEP 15


def read_scrape(text: bytes) -> list[bytes]:
    """The info-hashes in a query; without any it would ask for everything, which is refused."""
    info_hashes = Query(text, MOST_INFO_HASHES).info_hashes
    if not info_hashes:
        raise RequestError("A scrape must name the torrents it wants with info_hash.")
    return info_hashes


def write_scrape_reply(entries: Iterable[ScrapeEntry]) -> bytes:
    """The bencoded reply: each torrent once, in the order that bencoding demands."""
    files = [
        b"20:%bd8:completei%de10:downloadedi%de11:downloadersi%de10:incompletei%dee"
        % (entry.info_hash, entry.complete, entry.downloaded, entry.downloaders, entry.incomplete)
        for entry in sorted(set(entries))
    ]
    return b"d5:filesd%bee" % b"".join(files)
