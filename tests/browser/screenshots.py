"""Pictures of the site's pages: `make screenshots` puts them into build/screenshots/.

Not a test, though made with the tests' site and browser; so it is collected only when named.
"""

import pytest

from tests.browser.conftest import Arrive
from tests.browser.sample import Sample
from tests.programs import ROOT

FOLDER = ROOT / "build" / "screenshots"
LOOKS = [("light", 1280), ("dark", 1280), ("light", 360)]


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_draws_all_pages(arrive: Arrive, sample: Sample, scheme: str, width: int) -> None:
    folder = FOLDER / (scheme if width > 500 else "phone")
    folder.mkdir(parents=True, exist_ok=True)
    for name, (person, path) in sample.pages().items():
        visitor = arrive(width=width, scheme=scheme, agent=sample.agent)
        if person is not None:
            visitor.sign_in(person)
        visitor.page.goto(path)
        visitor.page.screenshot(path=folder / f"{name}.png", full_page=True)
        visitor.context.close()
