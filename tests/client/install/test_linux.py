"""A Linux desktop knows the program, and has forgotten it after uninstalling."""

import subprocess
from pathlib import Path

import pytest

from client.install.linux import LinuxDesktop
from tests.programs import needs

TORRENT = "application/x-bittorrent"
MAGNET = "x-scheme-handler/magnet"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    return home


def register(program: Path, *, handles_links: bool = False, starts: bool = False) -> LinuxDesktop:
    desktop = LinuxDesktop()
    desktop.register(program, handles_links=handles_links, starts_with_computer=starts)
    return desktop


def test_the_menu_entry_is_valid(home: Path) -> None:
    program = needs("desktop-file-validate", apt="desktop-file-utils")
    desktop = register(home / 'a "b" $c 100%/Passalong')
    entry = desktop.data / "applications/passalong.desktop"
    subprocess.run([program, entry], check=True)


def test_torrents_and_magnets_are_only_taken_when_wished(home: Path) -> None:
    entry = home / ".local/share/applications/passalong.desktop"
    register(home / "Passalong")
    assert TORRENT not in entry.read_text()
    assert "x-scheme-handler/passalong" in entry.read_text()
    register(home / "Passalong", handles_links=True)
    assert TORRENT in entry.read_text()
    register(home / "Passalong")
    assert TORRENT not in entry.read_text()


def test_other_defaults_are_left_alone(home: Path) -> None:
    defaults = home / ".config/mimeapps.list"
    defaults.parent.mkdir()
    defaults.write_text(f"[Default Applications]\n{TORRENT}=other.desktop\n")
    register(home / "Passalong").unregister()
    assert defaults.read_text() == f"[Default Applications]\n{TORRENT}=other.desktop\n"


def test_the_default_is_taken_when_wished_and_given_back(home: Path) -> None:
    program = needs("xdg-mime", apt="xdg-utils")
    defaults = home / ".config/mimeapps.list"
    defaults.parent.mkdir()
    before = (
        f"[Added Associations]\n{TORRENT}=other.desktop;\n"
        f"[Default Applications]\n{MAGNET}=other.desktop\n"
    )
    defaults.write_text(before)
    for name in ("passalong", "other"):
        entry = home / f".local/share/applications/{name}.desktop"
        entry.parent.mkdir(parents=True, exist_ok=True)
        entry.write_text(f"[Desktop Entry]\nType=Application\nName={name}\nExec=true\n")

    def opens(kind: str) -> str:
        query = [program, "query", "default", kind]
        return subprocess.run(query, capture_output=True, text=True).stdout.strip()

    register(home / "Passalong")
    assert defaults.read_text() == before
    register(home / "Passalong", handles_links=True)
    assert [opens(kind) for kind in (TORRENT, MAGNET)] == ["passalong.desktop"] * 2
    register(home / "Passalong")
    assert opens(MAGNET) == "other.desktop"
    assert TORRENT not in defaults.read_text().partition("[Default Applications]")[2]


def test_another_program_that_is_chosen_later_stays_so(home: Path) -> None:
    register(home / "Passalong", handles_links=True)
    defaults = home / ".config/mimeapps.list"
    chosen = f"[Default Applications]\n{TORRENT}=other.desktop\n"
    defaults.write_text(chosen)
    register(home / "Passalong", handles_links=True)
    assert defaults.read_text() == chosen


def test_only_our_own_entry_is_taken_out_of_a_choice(home: Path) -> None:
    defaults = home / ".config/mimeapps.list"
    defaults.parent.mkdir()
    defaults.write_text(
        f"[Added Associations]\n{TORRENT}=passalong.desktop;other.desktop;\n"
        f"[Default Applications]\n{TORRENT}=passalong.desktop\n"
    )
    LinuxDesktop().unregister()
    assert defaults.read_text() == (
        f"[Added Associations]\n{TORRENT}=other.desktop;\n[Default Applications]\n"
    )


def test_uninstalling_leaves_nothing(home: Path) -> None:
    (home / "Music").mkdir()
    desktop = register(home / "Passalong", handles_links=True, starts=True)
    for path in [*home.rglob("passalong.*"), desktop.config / "mimeapps.list"]:
        path.with_name(".passalong-0123456789abcdef.draft").touch()
    desktop.unregister()
    assert [str(path.relative_to(home)) for path in home.rglob("*")] == ["Music"]
