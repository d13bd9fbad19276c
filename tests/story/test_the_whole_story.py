"""The whole story with the real programs: publish, list, download, pass along."""

from pathlib import Path

from tests.programs import needs
from tests.story.people import SECONDS_TO_DOWNLOAD, Person, make_film, tree


def test_a_film_is_passed_along_when_its_publisher_has_left(
    alice: Person, bob: Person, charlie: Person, tmp_path: Path
) -> None:
    film = make_film(tmp_path / "Die Reise zum Mond – ein Fund")
    publisher = alice.publish(film)
    release = bob.wait_for_release(film.name)

    first = bob.easy_download(release)
    bob.wait_until_saved(film, first)
    assert publisher.stop() == 0, publisher.output
    second = charlie.easy_download(release, "--stop-when", "complete")

    assert second.wait(SECONDS_TO_DOWNLOAD) == 0, second.output
    assert charlie.saved(film) == tree(film)
    assert first.exit_code is None, first.output
    assert first.stop() == 0, first.output


def test_a_client_that_nobody_here_wrote_gets_the_film_too(
    alice: Person, bob: Person, tmp_path: Path
) -> None:
    aria2c = needs("aria2c", apt="aria2")
    film = make_film(tmp_path / "Le Voyage à travers l’impossible")
    alice.publish(film)
    torrent = bob.download_torrent(bob.wait_for_release(film.name))

    stranger = bob.run(
        [
            *(aria2c, f"--dir={bob.downloads}", "--seed-time=0", "--enable-dht=false"),
            *("--bt-enable-lpd=false", "--enable-peer-exchange=false", "--no-conf=true"),
            *("--file-allocation=none", "--summary-interval=0", "--bt-stop-timeout=60", torrent),
        ]
    )

    assert stranger.wait(SECONDS_TO_DOWNLOAD) == 0, stranger.output
    assert bob.saved(film) == tree(film)
