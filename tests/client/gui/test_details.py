"""What those who want to know it read in the fold."""

from pathlib import Path

from client.engine.transfer import Details
from client.gui.details import explain
from client.jobs.progress import Phase, Progress
from installer.formats.magnet import Magnet

PROGRESS = Progress(Phase.DOWNLOADING, peers=9, seeds=2, place=Path("/home/bob/Downloads/film"))
HASH = bytes(range(20))


def test_tells_everything_that_is_known_and_the_latest_first() -> None:
    details = Details(
        pieces=40,
        pieces_done=7,
        trackers=("https://example.org/announce: answered",),
        peers=("192.0.2.7:6881 \x1b[2JAlice 50% ↓ 9 kB/s ↑ 0 kB/s",),
        log=("first", "second"),
    )
    assert explain(details, PROGRESS, Magnet(HASH, name="film")).splitlines() == [
        "Saved at: /home/bob/Downloads/film",
        f"Info-hash: {HASH.hex()}",
        f"Magnet link: magnet:?xt=urn:btih:{HASH.hex()}&dn=film",
        "Pieces: 7 of 40",
        "Peers: 9, of them complete: 2",
        "  192.0.2.7:6881 \ufffd[2JAlice 50% ↓ 9 kB/s ↑ 0 kB/s",
        "Trackers:",
        "  https://example.org/announce: answered",
        "What happened last:",
        "  second",
        "  first",
    ]


def test_says_nothing_of_a_torrent_that_is_still_to_be_made() -> None:
    said = explain(Details(), Progress(Phase.HASHING, "film"), None)
    assert "Info-hash" not in said
    assert "Pieces" not in said
