"""Installing is finished sooner or later, whatever interrupts it."""

from pathlib import Path

import pytest

from client.install import installing
from client.install.copying import PROGRAM, Build


class FakeDesktop:
    """A desktop on which the first attempt to make the program known is killed."""

    def __init__(self, folder: Path) -> None:
        self.program_folder = folder
        self.registered: list[Path] = []
        self.is_killed = True

    def register(self, program: Path, *, handles_links: bool, starts_with_computer: bool) -> None:
        if self.is_killed:
            raise KeyboardInterrupt
        self.registered.append(program)

    def unregister(self) -> None:
        self.registered.clear()


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeDesktop:
    desktop = FakeDesktop(tmp_path / "programs")
    (tmp_path / "unpacked").mkdir()
    (tmp_path / "unpacked" / PROGRAM).touch()
    (tmp_path / "unpacked" / "build").write_text(64 * "0")
    build = Build(tmp_path / "unpacked", "0.1.0")
    monkeypatch.setattr(installing, "this_desktop", lambda: desktop)
    monkeypatch.setattr(installing, "carried_build", lambda version: build)
    return desktop


def test_nothing_is_tidied_up_while_something_is_installed(
    desktop: FakeDesktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installing, "is_installed_copy", lambda: True)
    monkeypatch.setattr(installing, "tidy", lambda *_: pytest.fail("it was tidied up"))
    monkeypatch.setattr(desktop, "register", lambda *_, **__: installing.tidy_up())
    installing.install(handles_links=False, starts_with_computer=False)


def test_an_installation_that_was_killed_before_its_end_is_not_up_to_date(
    desktop: FakeDesktop,
) -> None:
    with pytest.raises(KeyboardInterrupt):
        installing.install(handles_links=True, starts_with_computer=False)
    assert not installing.is_up_to_date()
    desktop.is_killed = False
    installing.install(handles_links=True, starts_with_computer=False)
    assert installing.is_up_to_date()
