"""What the client kept goes; what a person has in the same folder stays."""

from pathlib import Path

import pytest

from client.folders.forgetting import forget_everything
from client.folders.keeping import open_kept
from client.folders.preferences import Preferences, write_preferences


@pytest.mark.parametrize("is_shared", [False, True])
def test_only_what_is_ours_is_forgotten(tmp_path: Path, *, is_shared: bool) -> None:
    state = tmp_path / "state"
    open_kept(state, bytes(20), tmp_path).close()
    write_preferences(state, Preferences())
    if is_shared:
        (state / "Thesis.odt").touch()
    forget_everything(state)
    assert list(tmp_path.rglob("*")) == ([state, state / "Thesis.odt"] if is_shared else [])
