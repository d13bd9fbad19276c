"""The last window: uninstalling without a terminal asks first, and says how it went."""

import tkinter
from tkinter import ttk

import pytest

from client.errors import FolderError
from client.gui import starting
from client.gui.farewell import say_farewell
from tests.client.gui.conftest import Person

DONE = "Passalong is uninstalled."


class Bob(Person):
    """In front of nothing but the question; he uses the keyboard only."""

    def __init__(self, root: tkinter.Tk) -> None:
        super().__init__(root, None, None)  # type: ignore[arg-type]
        self.asked: list[bool] = []
        self.has_waited_in_vain = False

    def leaves(self, *keys: str, failure: str = "") -> str:
        """Press keys until the window goes; the uninstallation fails so, or ends well."""
        waiting = list(keys)
        pictures = ["uninstall-question", f"uninstall-{'failed' if failure else 'done'}"]

        def uninstall(is_forgetting: bool) -> str:
            self.asked.append(is_forgetting)
            if failure:
                raise FolderError(failure)
            return DONE

        def live() -> None:
            widget = self.root.focus_get()
            if len(pictures) == 2 and isinstance(widget, ttk.Widget):
                self.takes_picture(pictures.pop(0))
            elif waiting and isinstance(widget, ttk.Widget):
                widget.event_generate(waiting.pop(0))
            elif {DONE, failure} & set(self.texts()):
                self.takes_picture(pictures.pop())
                self.root.event_generate("<Escape>")
                return
            self.root.after(20, live)

        self.root.after(20, live)
        self.root.after(10_000, self._gives_up)
        said = say_farewell(self.root, uninstall)
        assert not self.has_waited_in_vain
        return said

    def _gives_up(self) -> None:
        self.has_waited_in_vain = True
        self.root.quit()


@pytest.fixture
def bob(display: str, monkeypatch: pytest.MonkeyPatch) -> Bob:
    monkeypatch.setenv("DISPLAY", display)
    root = starting.connect_screen()
    assert root is not None
    return Bob(root)


@pytest.mark.parametrize(
    ("keys", "is_forgetting"),
    [(["<Return>"], False), (["<Shift-Tab>", "<space>", "<Tab>", "<Return>"], True)],
    ids=["keeps the settings", "forgets them"],
)
def test_asks_what_happens_to_the_settings(bob: Bob, keys: list[str], is_forgetting: bool) -> None:
    assert bob.leaves(*keys) == ""
    assert bob.asked == [is_forgetting]


@pytest.mark.parametrize("keys", [["<Escape>"], ["<Tab>", "<Return>"]], ids=" ".join)
def test_a_person_who_stays_keeps_everything(bob: Bob, keys: list[str]) -> None:
    assert bob.leaves(*keys) == ""
    assert bob.asked == []


def test_says_why_it_failed(bob: Bob) -> None:
    assert bob.leaves("<Return>", failure="It is in use.") == "It is in use."
    assert bob.asked == [False]
