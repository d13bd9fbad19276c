"""The sample releases of `manage.py demo`: works that this program makes itself.

Nothing is downloaded, nobody's rights are touched, and every run makes the same bytes, so that a
second demo finds its releases again.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from . import bells, book, pictures

Files = Iterator[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Sample:
    """A folder to publish: its name is the title, `files` makes its files one by one."""

    title: str
    description: str
    files: Callable[[], Files]

    def write(self, folder: Path) -> Path:
        """The sample's own folder below `folder`, made when it is not there yet."""
        finished = folder / self.title
        if finished.is_dir():
            return finished
        draft = folder / f"{self.title}.draft"
        shutil.rmtree(draft, ignore_errors=True)
        for name, content in self.files():
            path = draft / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return draft.rename(finished)


SAMPLES = (
    Sample(book.TITLE, book.DESCRIPTION, book.files),
    Sample(bells.TITLE, bells.DESCRIPTION, bells.files),
    Sample(pictures.TITLE, pictures.DESCRIPTION, pictures.files),
)
