"""What a bundle does at its start, when there is a window that is open already."""

import queue
import sys
from pathlib import Path

import pytest

from client.install import installing
from client.install.copying import PROGRAM
from client.opening.handover import Request
from client.program import main
from installer.formats.payload import write
from tests.installer.examples import DOWNLOAD, KEY

RECORD = write(DOWNLOAD, KEY)


class Desktop:
    """A desktop that counts how often it was told of a program."""

    def __init__(self, folder: Path) -> None:
        self.program_folder = folder
        self.told = 0

    def register(self, program: Path, *, handles_links: bool, starts_with_computer: bool) -> None:
        self.told += 1

    def unregister(self) -> None:
        raise NotImplementedError


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desktop:
    """This very program is a bundle for the desktop, until the test ends."""
    desktop, bundle, unpacked = Desktop(tmp_path / "programs"), tmp_path / "Night", tmp_path / "_ME"
    bundle.write_bytes(b"a program" + RECORD)
    unpacked.mkdir()
    (unpacked / PROGRAM).write_bytes(b"the installed copy")
    (unpacked / "build").write_text(64 * "0")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(unpacked), raising=False)
    monkeypatch.setattr(sys, "executable", str(bundle))
    monkeypatch.setattr(installing, "this_desktop", lambda: desktop)
    return desktop


@pytest.mark.usefixtures("door")
def test_a_bundle_is_handed_over_before_anything_else_is_loaded(
    desktop: Desktop, received: "queue.Queue[Request]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "client.commands", None)  # Importing it would fail.
    assert main([]) == 0
    assert received.get_nowait() == Request(record=RECORD)


@pytest.mark.usefixtures("door")
def test_a_bundle_that_was_handed_over_brings_what_is_installed_up_to_date(
    desktop: Desktop, received: "queue.Queue[Request]"
) -> None:
    assert [main([]), main([])] == [0, 0]
    assert installing.installed_program() is not None
    assert desktop.told == 1
    assert received.qsize() == 2
