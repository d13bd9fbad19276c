"""Nothing is cut off, whatever the language and however large the texts are."""

import tkinter
from collections.abc import Iterator
from pathlib import Path
from tkinter import font, ttk

import pytest

from client.gui import starting
from tests.client.gui.conftest import Person, Taste
from tests.client.gui.pages import PAGES

TEXTS = ttk.Label | ttk.Button | ttk.Checkbutton


@pytest.mark.parametrize(
    "person",
    [Taste(scale, language) for scale in (1, 2) for language in ("en", "de")],
    ids=["en", "de", "en-200%", "de-200%"],
    indirect=True,
)
def test_nothing_is_cut_off_in_the_smallest_window(person: Person) -> None:
    faults: list[str] = []
    person.root.geometry("{}x{}".format(*person.root.minsize()))
    for name, show in PAGES.items():

        def look(top: tkinter.Misc, name: str = name) -> None:
            person.root.update()
            faults.extend(f"{name}: {fault}" for fault in _faults(person, top))

        show(person, look)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("person", [Taste(scale=4)], indirect=True)
def test_the_window_is_never_larger_than_the_screen(person: Person) -> None:
    person.root.update()
    assert person.root.winfo_width() <= person.root.winfo_screenwidth()
    assert person.root.winfo_height() < person.root.winfo_screenheight()


def test_texts_are_as_large_as_the_desktop_wants_them(
    display: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".Xdefaults").write_text("Xft.dpi: 192\n")
    root = starting.connect_screen()
    assert root is not None
    density = root.winfo_fpixels("1i")
    root.destroy()
    assert density == pytest.approx(192, abs=1)


def _faults(person: Person, top: tkinter.Misc) -> Iterator[str]:
    for widget in (top, *person.widgets(top)):
        if isinstance(widget, TEXTS):
            if widget.winfo_width() < widget.winfo_reqwidth():
                yield f"too narrow for {widget['text']!r}"
            if widget.winfo_height() < widget.winfo_reqheight():
                yield f"too low for {widget['text']!r}"
        elif isinstance(widget, ttk.Combobox):
            widest = max(_width("TkTextFont", text) for text in widget["values"])
            if widest > widget.winfo_width() - 20:
                yield f"too narrow for one of {widget['values']}"
        elif isinstance(widget, ttk.Treeview):
            yield from _cut_cells(widget)
        if not isinstance(widget, tkinter.Toplevel | tkinter.Tk) and not _is_scrolled(widget):
            yield from _sticks_out(widget)


def _is_scrolled(widget: tkinter.Misc) -> bool:
    return isinstance(widget.master, tkinter.Canvas)


def _sticks_out(widget: tkinter.Widget) -> Iterator[str]:
    around = widget.master
    right, below = widget.winfo_x() + widget.winfo_width(), widget.winfo_y() + widget.winfo_height()
    if right > around.winfo_width() or below > around.winfo_height():
        yield f"{widget} sticks out of {around}"


def _cut_cells(table: ttk.Treeview) -> Iterator[str]:
    for column in table["columns"]:
        texts = [table.set(row, column) for row in table.get_children()]
        room = int(table.column(column, "width")) - 8
        if max(_width("TkDefaultFont", text) for text in texts) > room:
            yield f"the column {column} is too narrow for one of {set(texts)}"
        if _width("TkHeadingFont", str(table.heading(column, "text"))) > room:
            yield f"the column {column} is too narrow for its heading"


def _width(name: str, text: str) -> int:
    return font.nametofont(name).measure(text)
