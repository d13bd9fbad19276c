"""A visitor who installs nothing: the program that came from the site is all there is."""

from pathlib import Path

from installer.bundle.template import newest, this_platform
from tests.programs import wait_until
from tests.story.bundles import content_of, make_torrent, open_copies, write_bundle
from tests.story.desktop import SECONDS, open_desktop


def test_a_portable_program_downloads_takes_a_second_and_installs_nothing(
    frozen_client: Path, tmp_path: Path
) -> None:
    client = newest(frozen_client, this_platform())
    assert client is not None
    films = ["First.mkv", "Second.mkv"]
    with open_copies() as copies, open_desktop(tmp_path / "bob") as bob:
        bundles = [
            write_bundle(tmp_path / film, client, make_torrent(film, copies)) for film in films
        ]
        with bob.opens([bundles[0], "--portable"]) as window:
            bob.accepts(films[0])
            bob.runs(bundles[1], "--portable")
            bob.accepts(films[1])
            wait_until("both", lambda: all(one.is_complete for one in bob.shelf), SECONDS)
            assert window.exit_code is None
            bob.presses("ctrl+q")
            assert window.wait(SECONDS) == 0, window.output

        for film in films:
            assert (bob.home / "Downloads" / film).read_bytes() == content_of(film)
        new = bob.files() - bob.before - {"home/.local", "home/.local/state", "home/Downloads"}
        places = ("home/Downloads/", "home/.local/state/passalong", "run/passalong-")
        assert [path for path in sorted(new) if not path.startswith(places)] == []
        assert "home/.local/state/passalong/shelf.json" in new
        assert bob.pages == []
