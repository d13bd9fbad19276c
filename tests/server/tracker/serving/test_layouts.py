"""Files of trackers with one process and with several, side by side."""

import os
from pathlib import Path

import pytest

from server.tracker.core.shares import WHOLE, Share
from server.tracker.serving.journal import NAME_SIZE, Journal
from server.tracker.serving.layouts import (
    files_of_others,
    files_to_load,
    forget_files_of_others,
    swarm_file,
)

FILM, OTHER = b"F" * 20, b"O" * 20


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With files of three layouts, each older than the one before it, and of none."""
    names = ["swarms-1-of-2", "swarms", "swarms-0-of-2", "swarms-0-of-3"]
    for age, name in enumerate([*names, "swarms.new", "swarms-0-of-3.damaged-1", "swarms-0-of-x"]):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    return tmp_path


def test_what_is_newer_is_loaded_later(folder: Path) -> None:
    assert files_to_load(folder, WHOLE) == [
        "swarms-0-of-3",
        "swarms-0-of-2",
        "swarms",
        "swarms-1-of-2",
    ]


def test_the_other_processes_of_the_same_layout_are_left_alone(folder: Path) -> None:
    assert files_to_load(folder, Share(1, 2)) == ["swarms-0-of-3", "swarms", "swarms-1-of-2"]


def test_forgets_other_layouts_only(folder: Path) -> None:
    forget_files_of_others(folder, 2)
    assert files_of_others(folder, 2) == []
    left = {each.name for each in folder.iterdir()}
    assert left > {swarm_file(Share(0, 2)), swarm_file(Share(1, 2)), "swarms-0-of-3.damaged-1"}


def test_a_process_counts_what_the_one_before_it_left_and_the_parent_everything(
    tmp_path: Path,
) -> None:
    for share, film in ((Share(1, 12), FILM), (Share(11, 12), OTHER)):
        journal = Journal(tmp_path, share)
        journal.note(film)
        assert len(journal.turn()) == NAME_SIZE
    left = Journal(tmp_path, Share(1, 12)).left()
    assert [dict(found) for found in left.values()] == [{FILM: 1}]
    assert len(Journal(tmp_path).left()) == 2
