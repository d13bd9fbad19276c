"""The choices of a person, in a file that they may edit."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.folders.preferences import NAME, Preferences, read_preferences, write_preferences


def test_without_a_file_everything_is_as_it_comes(tmp_path: Path) -> None:
    assert read_preferences(tmp_path) == (Preferences(), "")


@given(folder=st.text(st.characters(codec="utf-8")), limit=st.integers(0, 9_999_999))
def test_what_is_written_is_read_again(
    folder: str, limit: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    state = tmp_path_factory.mktemp("state")
    chosen = Preferences(folder, limit, limit, on_close="share", libtorrent={"enable_dht": True})
    write_preferences(state, chosen)
    assert read_preferences(state) == (chosen, "")


@pytest.mark.parametrize(
    "line", ["max_upload = -1", "on_close = 'perhaps'", "language = 'tlh'", "unknown = 1"]
)
def test_a_wrong_setting_is_named_and_the_others_count(tmp_path: Path, line: str) -> None:
    (tmp_path / NAME).write_text(f"max_download = 5\n{line}\n")
    preferences, said = read_preferences(tmp_path)
    assert preferences == Preferences(max_download=5)
    assert line.split()[0] in said


def test_a_file_that_is_no_toml_is_said_and_does_not_stop_anything(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("max_download = ")
    preferences, said = read_preferences(tmp_path)
    assert preferences == Preferences()
    assert "cannot be read" in said
