"""A picture of every page, for a person to look at: light, dark, in German, at double size."""

import tkinter
from functools import partial

import pytest

from tests.client.gui.conftest import PICTURES, Person, Taste
from tests.client.gui.pages import PAGES

TASTES = {
    "": Taste(),
    "-dark": Taste(is_dark=True),
    "-de": Taste(language="de"),
    "-double": Taste(scale=2),
    "-de-double": Taste(scale=2, language="de"),
}


@pytest.mark.parametrize(
    ("person", "ending"),
    [(taste, ending) for ending, taste in TASTES.items()],
    ids=["light", *(ending[1:] for ending in TASTES if ending)],
    indirect=["person"],
)
def test_every_page_has_its_picture(person: Person, ending: str) -> None:
    for name, show in PAGES.items():
        show(person, partial(_take, person, f"pages/{name}{ending}"))
    taken = {path.stem for path in (PICTURES / "pages").glob("*.png")}
    assert {f"{name}{ending}" for name in PAGES} <= taken


def _take(person: Person, name: str, _: tkinter.Misc) -> None:
    person.takes_picture(name)
