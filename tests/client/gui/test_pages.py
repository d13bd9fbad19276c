"""Pages that open over the window: each is there once, however often it is asked for."""

import tkinter

import pytest

from client.gui.files_page import FilesPage
from client.gui.settings_page import SettingsPage
from tests.client.gui.conftest import Person
from tests.client.gui.moments import many_files


@pytest.mark.parametrize(
    ("label", "kind"), [("Settings", SettingsPage), ("Choose files …", FilesPage)]
)
def test_a_page_opens_once(person: Person, label: str, kind: type[tkinter.Toplevel]) -> None:
    person.desk.ask(many_files())
    person.draws()
    for _ in range(2):
        person.clicks(label)
        person.wait_for("the page", lambda: pages(person, kind))
    assert len(pages(person, kind)) == 1


def pages(person: Person, kind: type[tkinter.Toplevel]) -> list[tkinter.Widget]:
    return [one for one in person.widgets() if isinstance(one, kind)]
