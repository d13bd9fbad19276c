"""Adding up what the site carried, and writing it seldom."""

from collections.abc import Callable, Iterator, Mapping

import pytest

from server.catalog.models import Release
from server.catalog.services import add_carried_by_site
from server.seeding.carrying import Carried
from tests.server import factories


class Notebook:
    """What would be written, and what waits for its time."""

    def __init__(self) -> None:
        self.written: list[Mapping[str, int]] = []
        self.waiting: list[Callable[[], None]] = []
        self.carried = Carried(self.written.append, self.waiting.append)

    def let_time_pass(self) -> None:
        self.waiting.pop()()


def test_many_parts_are_written_once() -> None:
    notebook = Notebook()
    for info_hash, size in (("a", 1), ("b", 10), ("a", 2)):
        notebook.carried.add(info_hash, size)
    assert (len(notebook.waiting), notebook.written) == (1, [])
    notebook.let_time_pass()
    assert notebook.written == [{"a": 3, "b": 10}]


def test_what_comes_later_is_written_the_next_time() -> None:
    notebook = Notebook()
    for _ in range(2):
        notebook.carried.add("a", 1)
        notebook.let_time_pass()
    assert (notebook.written, notebook.waiting) == ([{"a": 1}, {"a": 1}], [])


def chunks() -> Iterator[bytes]:
    yield from (b"12", b"3456", b"7")


def test_counts_as_far_as_a_part_went() -> None:
    notebook = Notebook()
    stream = notebook.carried.counting("a", chunks())
    next(stream)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert notebook.waiting
    notebook.let_time_pass()
    assert notebook.written == [{"a": 6}]


def test_a_stream_that_never_began_counts_nothing() -> None:
    notebook = Notebook()
    notebook.carried.counting("a", chunks()).close()  # type: ignore[attr-defined]
    assert not notebook.waiting


@pytest.mark.django_db
def test_adds_to_what_the_release_has() -> None:
    release = factories.release()
    for _ in range(2):
        add_carried_by_site({release.info_hash: 5, "0" * 40: 7})
    assert Release.objects.get().carried_by_site == 10
