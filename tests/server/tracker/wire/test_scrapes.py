"""HTTP scrapes: what is read, what is refused, what is written."""

import bencodepy
import pytest

from server.tracker.core.errors import RequestError, TrackerError, UnknownTorrentError
from server.tracker.core.messages import ScrapeEntry
from server.tracker.wire.failures import write_failure
from server.tracker.wire.scrapes import MOST_INFO_HASHES, read_scrape, write_scrape_reply


def test_reads_several_info_hashes() -> None:
    query = b"&".join(b"info_hash=" + letter * 20 for letter in (b"a", b"b"))
    assert read_scrape(query) == [b"a" * 20, b"b" * 20]


def test_takes_no_more_info_hashes_than_fit_into_an_answer() -> None:
    assert len(read_scrape(b"&".join([b"info_hash=" + b"a" * 20] * 10_000))) == MOST_INFO_HASHES


@pytest.mark.parametrize("query", [b"", b"info_hash=", b"port=1", b"info_hash=abc"])
def test_refuses_a_bad_scrape(query: bytes) -> None:
    with pytest.raises(RequestError):
        read_scrape(query)


def test_writes_each_torrent_once_in_order() -> None:
    one, other = ScrapeEntry(b"b" * 20, 1, 2, 3, 1), ScrapeEntry(b"a" * 20, 0, 0, 0, 0)
    written = write_scrape_reply([one, other, one])
    assert bencodepy.decode(written)[b"files"][b"b" * 20] == {
        b"complete": 1,
        b"downloaded": 3,
        b"downloaders": 1,
        b"incomplete": 2,
    }
    assert bencodepy.encode(bencodepy.decode(written)) == written


def test_writes_a_failure() -> None:
    assert write_failure(TrackerError("Nö.")) == b"d14:failure reason4:N\xc3\xb6.e"


def test_says_when_asking_again_makes_sense() -> None:
    failure = bencodepy.decode(write_failure(UnknownTorrentError(bytes(20))))
    assert failure[b"retry in"] == 5
