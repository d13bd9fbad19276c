"""What is written to the Windows registry, and that all of it goes again."""

from pathlib import Path

import pytest

from client.install.windows import WindowsDesktop


class FakeRegistry:
    """Keys with their values, as HKEY_CURRENT_USER has them."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], str | int] = {
            (r"Software\Classes\.torrent", ""): "OtherClient.Torrent"
        }

    def set(self, key: str, name: str, value: str | int) -> None:
        self.values[key, name] = value

    def delete_value(self, key: str, name: str) -> None:
        self.values.pop((key, name), None)

    def delete_key(self, key: str) -> None:
        for known in list(self.values):
            if known[0] == key or known[0].startswith(f"{key}\\"):
                del self.values[known]


@pytest.fixture
def registry() -> FakeRegistry:
    return FakeRegistry()


@pytest.fixture
def desktop(registry: FakeRegistry, tmp_path: Path) -> WindowsDesktop:
    environment = {"LOCALAPPDATA": str(tmp_path / "Local"), "APPDATA": str(tmp_path / "Roaming")}
    return WindowsDesktop(registry, environment)


def register(desktop: WindowsDesktop, *, is_all: bool = False) -> Path:
    program = desktop.program_folder / "Passalong.exe"
    desktop.register(program, handles_links=is_all, starts_with_computer=is_all)
    return program


def test_tickets_and_own_links_open_with_us(
    desktop: WindowsDesktop, registry: FakeRegistry
) -> None:
    program = register(desktop)
    command = (r"Software\Classes\Passalong.Ticket\shell\open\command", "")
    assert registry.values[command] == f'"{program}" "%1"'
    assert (r"Software\Classes\passalong", "URL Protocol") in registry.values


def test_torrents_stay_with_whoever_has_them(
    desktop: WindowsDesktop, registry: FakeRegistry
) -> None:
    for is_all in (False, True):
        register(desktop, is_all=is_all)
        assert registry.values[r"Software\Classes\.torrent", ""] == "OtherClient.Torrent"
        offered = r"Software\Classes\.torrent\OpenWithProgids", "Passalong.Torrent"
        assert (offered in registry.values) == is_all


def test_stands_in_apps_and_features(desktop: WindowsDesktop, registry: FakeRegistry) -> None:
    program = register(desktop)
    key = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\Passalong"
    assert registry.values[key, "QuietUninstallString"] == f'"{program}" uninstall --quiet'


def test_uninstalling_leaves_what_was_there_before(
    desktop: WindowsDesktop, registry: FakeRegistry
) -> None:
    before = dict(registry.values)
    register(desktop, is_all=True)
    desktop.unregister()
    assert registry.values == before
