"""The box for torrents and magnets: nothing happens before it is ticked, and Windows wants more."""

from collections.abc import Iterator

import pytest

from client.folders.preferences import Preferences
from client.gui import settings_page
from client.gui.settings_page import SettingsPage
from client.gui.starting import connect_screen
from client.gui.style import dress
from tests.client.gui.conftest import Person

BOX = "Open .torrent files and magnet links with Passalong"
HINT = "Windows leaves this to you"


@pytest.fixture
def bob(display: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    """In front of the settings of an installed copy; nothing else is drawn."""
    monkeypatch.setenv("DISPLAY", display)
    root = connect_screen()
    assert root is not None
    dress(root)
    root.geometry("760x620")
    root.deiconify()
    person = Person(root, None, None)  # type: ignore[arg-type]
    yield person
    root.destroy()


def opens_settings(bob: Person, preferences: Preferences) -> None:
    SettingsPage(bob.root, preferences, bob.remembered.append, is_installed=True)
    bob.sees(BOX)


@pytest.mark.parametrize("is_windows", [True, False])
def test_says_what_else_windows_wants_once_the_box_is_ticked(
    bob: Person, is_windows: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings_page, "is_default_for_person_to_choose", lambda: is_windows)
    opens_settings(bob, Preferences())
    assert not any(HINT in text for text in bob.texts())
    bob.clicks(BOX)
    bob.root.update()
    assert any(HINT in text for text in bob.texts()) == is_windows
    if is_windows:
        bob.takes_picture("settings-windows")
    bob.clicks("Done")
    assert bob.remembered[-1].handles_links


def test_a_box_that_is_not_touched_stays_as_it_is(bob: Person) -> None:
    opens_settings(bob, Preferences())
    bob.clicks("Done")
    assert bob.remembered == [Preferences()]
