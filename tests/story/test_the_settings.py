"""The two settings that reach into the desktop: each writes its files and takes them away again."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.bundle.template import newest, this_platform
from tests.programs import needs, wait_until
from tests.story.desktop import SECONDS, Desktop, open_desktop

ENTRY = ".local/share/applications/passalong.desktop"
AUTOSTART = ".config/autostart/passalong.desktop"
KINDS = {"application/x-bittorrent", "x-scheme-handler/magnet"}


@pytest.fixture
def bob(frozen_client: Path, tmp_path: Path) -> Iterator[Desktop]:
    """Somebody with the installed copy, whose window is open."""
    client = newest(frozen_client, this_platform())
    assert client is not None
    with open_desktop(tmp_path / "bob") as bob:
        bob.runs(client.path, "install")
        with bob.opens([bob.installed]):
            wait_until("the window", bob.titles, SECONDS)
            yield bob


def click(bob: Desktop, *boxes: str) -> None:
    """Go to these boxes of the settings page, from its last one upwards, and back to the window."""
    wait_until("the window", lambda: bob.presses("Tab", "Tab", "space"), SECONDS)
    keys = [key for box in boxes for key in ("shift+Tab", "space" if box else "")]
    page = "^Settings$"
    wait_until(
        "the settings", lambda: bob.presses(*filter(None, keys), "Escape", window=page), SECONDS
    )


def starters(bob: Desktop) -> set[str]:
    """What the desktop starts for torrents and magnet links."""
    query = (needs("xdg-mime", apt="xdg-utils"), "query", "default")
    return {
        subprocess.run(
            [*query, kind], env=bob.environment, capture_output=True, text=True
        ).stdout.strip()
        for kind in KINDS
    }


def types_of(bob: Desktop) -> set[str]:
    """What the menu's entry says it can open."""
    (types,) = re.findall("^MimeType=(.*)$", (bob.home / ENTRY).read_text(), re.MULTILINE)
    return set(types.split(";"))


def test_links_and_autostart_are_written_and_removed(bob: Desktop) -> None:
    needs("xdotool", apt="xdotool")
    before, menu = bob.files(), (bob.home / ENTRY).read_text()
    links = {"home/.config", "home/.config/mimeapps.list"}
    starts = {"home/.config", "home/.config/autostart", f"home/{AUTOSTART}"}

    click(bob, "links")
    wait_until("the links", lambda: bob.files() == before | links, SECONDS)
    wait_until("both kinds", lambda: starters(bob) == {"passalong.desktop"}, SECONDS)
    assert types_of(bob) > KINDS

    click(bob, "", "autostart")
    wait_until("both", lambda: bob.files() == before | links | starts, SECONDS)
    (command,) = re.findall("^Exec=(.*)$", (bob.home / AUTOSTART).read_text(), re.MULTILINE)
    assert shlex.split(command) == [str(bob.installed), "--quiet"]

    click(bob, "links")
    wait_until("the autostart alone", lambda: bob.files() == before | starts, SECONDS)
    click(bob, "", "autostart")
    wait_until("nothing", lambda: bob.files() == before, SECONDS)
    assert (bob.home / ENTRY).read_text() == menu
