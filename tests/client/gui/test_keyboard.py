"""Every page without a mouse: all is reached with Tab, used with keys, and the focus is seen."""

import tkinter
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from tkinter import ttk

import pytest

from tests.client.gui.conftest import Person, Taste
from tests.client.gui.moments import TICKET, one_file
from tests.client.gui.pages import PAGES

# Half as many as there are around a short button.
SEEN_DOTS = 120
CONTROLS = ttk.Button | ttk.Entry | ttk.Checkbutton | ttk.Treeview | tkinter.Text


def test_tab_reaches_everything_and_shift_tab_goes_back(person: Person) -> None:
    for name, show in PAGES.items():

        def look(top: tkinter.Misc, name: str = name) -> None:
            there = _walk(person, top, "<Tab>")
            back = _walk(person, top, "<Shift-Tab>")
            assert set(there) == set(_controls(person, top)), name
            assert back[1:] == there[:0:-1], name

        show(person, look)


def test_keys_do_what_a_click_would(person: Person) -> None:
    pressed: set[str] = set()
    for name, show in PAGES.items():

        def look(top: tkinter.Misc, name: str = name) -> None:
            for widget in _walk(person, top, "<Tab>"):
                widget.focus_force()
                person.root.update()
                _use(person, widget, name, pressed)

        show(person, look)


def test_a_real_keyboard_fills_in_what_is_published(person: Person) -> None:
    person.desk.ask(TICKET)
    person.draws()
    description = next(one for one in person.widgets() if isinstance(one, tkinter.Text))
    title = next(one for one in person.widgets() if isinstance(one, ttk.Entry))
    description.focus_force()
    person.root.update()
    person.types("a", "shift+Tab", "b")
    person.wait_for("a title", lambda: title.get() == "b")
    assert description.get("1.0", "end-1c") == "a"
    person.types("Tab", "Tab", "space")
    person.wait_for("the end of the question", lambda: not person.desk.questions)


def test_what_arrives_does_not_take_the_keys_from_whoever_is_typing(person: Person) -> None:
    person.desk.ask(TICKET)
    person.draws()
    title = next(one for one in person.widgets() if isinstance(one, ttk.Entry))
    title.focus_force()
    person.desk.ask(one_file())
    person.draws()
    assert person.root.focus_get() is title


@pytest.mark.parametrize("name", ["settings", "files", "closing", "cancel"])
def test_escape_leaves_a_page(person: Person, name: str) -> None:
    def look(top: tkinter.Misc) -> None:
        top.focus_force()
        _press(person, top, "<Escape>")
        assert not top.winfo_exists()

    PAGES[name](person, look)


@pytest.mark.parametrize(
    "person", [Taste(), Taste(is_dark=True)], ids=["light", "dark"], indirect=True
)
def test_the_focus_is_seen(person: Person) -> None:
    seen: dict[str, int] = {}
    for show in PAGES.values():

        def look(top: tkinter.Misc) -> None:
            for widget in _walk(person, top, "<Tab>"):
                kind = _kind(widget)
                if kind not in seen:
                    seen[kind] = _changed_dots(person, top, widget)

        show(person, look)
    assert len(seen) == 9, seen
    assert not {kind: dots for kind, dots in seen.items() if dots < SEEN_DOTS}


def _kind(widget: tkinter.Misc) -> str:
    """How it is drawn: one picture for each is enough."""
    if not isinstance(widget, ttk.Widget):
        return widget.winfo_class()
    states = [state for state in ("selected", "readonly") if widget.instate([state])]
    return " ".join([str(widget["style"]) or widget.winfo_class(), *states])


def _changed_dots(person: Person, top: tkinter.Misc, widget: tkinter.Misc) -> int:
    """How many dots of it can clearly be told apart when it has the focus and when not."""
    pictures = []
    other = next(one for one in _controls(person, top) if one is not widget)
    for place in (widget, other):
        place.focus_force()
        dots = person.looks_at(widget)
        pictures.append([dots[at : at + 3] for at in range(0, len(dots), 3)])
    changed = Counter(pair for pair in zip(*pictures, strict=True) if pair[0] != pair[1])
    return sum(count for pair, count in changed.items() if _contrast(*pair) >= 3)


def _contrast(one: bytes, other: bytes) -> float:
    """How well these colours can be told apart, as WCAG 2.2 has it: from 1 to 21."""
    low, high = sorted((_light(one), _light(other)))
    return (high + 0.05) / (low + 0.05)


def _light(colour: bytes) -> float:
    shares = (part / 255 for part in colour)
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _controls(person: Person, top: tkinter.Misc) -> Iterator[tkinter.Widget]:
    """What can be used on this page."""
    for widget in person.widgets(top):
        is_off = isinstance(widget, ttk.Widget) and widget.instate(["disabled"])
        if isinstance(widget, CONTROLS) and not is_off and widget.winfo_toplevel() is top:
            yield widget


def _walk(person: Person, top: tkinter.Misc, key: str) -> list[tkinter.Misc]:
    """What has the focus in turn, until something has it again."""
    (top.focus_lastfor() or top).focus_force()
    person.root.update()
    seen: list[tkinter.Misc] = []
    while (place := top.focus_get()) is not None and place not in seen:
        if isinstance(place, CONTROLS):
            seen.append(place)
        _press(person, place, key)
    return seen


def _press(person: Person, widget: tkinter.Misc, *keys: str) -> None:
    for key in keys:
        widget.event_generate(key)
        person.root.update()


def _use(person: Person, widget: tkinter.Misc, name: str, pressed: set[str]) -> None:
    match widget:
        case ttk.Combobox():
            before = widget.current()
            _press(person, widget, "<Down>")
            listed = f"{widget}.popdown.f.l"
            for key in ("<Down>", "<Return>"):
                person.root.tk.call("event", "generate", listed, key)
                person.root.update()
            assert widget.current() == before + 1, name
        case ttk.Checkbutton():
            with _deeds(widget) as done:
                _press(person, widget, "<space>")
            assert done == [widget], name
        case ttk.Button():
            # Tk shows a button that the space bar has pressed for a moment, so each only once.
            is_new = str(widget["text"]) not in pressed
            pressed.add(str(widget["text"]))
            for key in ("<Return>", "<space>")[: 1 + is_new]:
                with _deeds(widget) as done:
                    _press(person, widget, key)
                assert done == [widget], f"{name}: {widget['text']} {key}"
        case ttk.Entry():
            before = widget.get()
            _press(person, widget, "<End>", "<Key-7>")
            assert widget.get() == f"{before}7", name
        case ttk.Treeview():
            before = widget.set("1", "wish")
            _press(person, widget, "<Down>", "<space>")
            assert widget.set("1", "wish") != before, name
        case tkinter.Text() if str(widget["state"]) == "normal":
            _press(person, widget, "<Key-7>")
            assert widget.get("1.0", "end-1c") == "7", name
        case tkinter.Text():
            _press(person, widget, "<Control-End>")
            assert widget.yview()[1] == 1.0, name
        case _:
            pytest.fail(f"{name}: {widget} is no control")


@contextmanager
def _deeds(widget: ttk.Button | ttk.Checkbutton) -> Iterator[list[object]]:
    """What a button did: once, and nothing else than what it is for."""
    done: list[object] = []
    before = widget["command"]
    widget.configure(command=lambda: done.append(widget))
    yield done
    widget.configure(command=before)
