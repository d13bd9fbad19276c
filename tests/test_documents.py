"""The documents: what they point at is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [
    *ROOT.glob("*.md"),
    *ROOT.glob("docs/**/*.md"),
    ROOT / "installer/FORMAT.md",
]
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    links = LINK.findall(document.read_text())
    missing = [link for link in links if not (document.parent / link).exists()]
    assert not missing


def test_the_readme_tells_the_story_in_eleven_steps_with_a_file_each() -> None:
    steps = re.findall(r"^\| (\d+) \|.*\]\(", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert steps == [str(number) for number in range(1, 12)]
