"""What closing the window does while something is shared: asked once, remembered, changed later."""

from tkinter import ttk

from client.folders.shelf import read_shelf
from client.words import speak
from tests.client.gui.conftest import Person
from tests.client.gui.moments import SHARED, running
from tests.client.gui.pages import clear, lay


def test_stop_ends_it_until_the_next_start_and_is_remembered(person: Person) -> None:
    lay(person, running(SHARED))
    person.meets(person.window.close, lambda _: person.clicks("Stop"))
    assert person.window._is_quitting
    assert person.remembered[-1].on_close == "stop"
    person.desk.close()
    assert [shelved.is_active for shelved in read_shelf(person.desk.state)] == [True]


def test_the_answer_can_be_changed_in_the_settings(person: Person) -> None:
    lay(person, running(SHARED))
    person.meets(person.window.close, lambda _: person.clicks("Keep sharing quietly"))
    assert person.root.state() == "withdrawn"
    person.window.show()
    person.root.update()
    choose(person, "Ask me")
    person.meets(person.window.close, lambda _: person.sees("Keep sharing?"))
    assert person.root.state() == "normal"
    choose(person, "Stop sharing")
    person.window.close()
    assert person.window._is_quitting
    assert [chosen.on_close for chosen in person.remembered] == ["share", "ask", "stop"]
    clear(person)


def test_another_language_is_spoken_in_questions_too(person: Person) -> None:
    lay(person, running(SHARED))
    choose(person, "Deutsch", "de")
    person.meets(person.window.close, lambda _: person.clicks("Still weiter teilen"))
    assert person.remembered[-1].on_close == "share"
    clear(person)


def choose(person: Person, value: str, language: str = "en") -> None:
    """Choose this on the settings page; the language is spoken from then on."""
    person.clicks("Settings")
    lists = [one for one in person.widgets() if isinstance(one, ttk.Combobox)]
    field = next(one for one in lists if value in one["values"])
    field.current(field["values"].index(value))
    speak(language)
    person.clicks("Done")
