"""Making the installed copy known to Windows: only below HKEY_CURRENT_USER, no rights needed.

The registry is passed in, so that what is written can be tested on any computer.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from client.errors import FolderError
from client.install.copying import current_folder
from client.words import gettext as _
from installer import VERSION
from installer.formats.ticket import EXTENSION, MIME_TYPE

_CLASSES = r"Software\Classes"
_TICKET = "Passalong.Ticket"
_TORRENT = "Passalong.Torrent"
_MAGNET = "Passalong.Magnet"
_RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
_UNINSTALL = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\Passalong"
_CAPABILITIES = r"Software\Passalong\Capabilities"
_APPLICATIONS = r"Software\RegisteredApplications"


class Registry(Protocol):
    """HKEY_CURRENT_USER."""

    def set(self, key: str, name: str, value: str | int) -> None:
        """Write a value; the name "" is the key's default."""

    def delete_value(self, key: str, name: str) -> None:
        """Remove a value if it is there."""

    def delete_key(self, key: str) -> None:
        """Remove a key with all below it if it is there."""


class WindowsDesktop:
    """Start menu, Apps & features, our own file type and scheme; others' only when wished."""

    def __init__(
        self, registry: Registry | None = None, environment: Mapping[str, str] = os.environ
    ) -> None:
        local = environment.get("LOCALAPPDATA") or str(Path.home() / "AppData/Local")
        roaming = environment.get("APPDATA") or str(Path.home() / "AppData/Roaming")
        self.program_folder = Path(local) / "Programs" / "Passalong"
        self.link = Path(roaming) / r"Microsoft/Windows/Start Menu/Programs/Passalong.lnk"
        self._registry = registry or _current_user()

    def register(self, program: Path, *, handles_links: bool, starts_with_computer: bool) -> None:
        """Bring Windows in line with these wishes; doing it again changes nothing."""
        self._add_class(_TICKET, "Passalong upload ticket", program)
        self._own_extension()
        self._add_scheme("passalong", "URL:Passalong", program)
        self._add_uninstaller(program)
        _make_link(self.link, program)
        if handles_links:
            self._offer_for_torrents(program)
        else:
            self._withdraw_from_torrents()
        if starts_with_computer:
            self._registry.set(_RUN, "Passalong", f'"{program}" --quiet')
        else:
            self._registry.delete_value(_RUN, "Passalong")
        _tell_explorer()

    def unregister(self) -> None:
        """Take everything away again."""
        self._withdraw_from_torrents()
        self._registry.delete_key(rf"{_CLASSES}\{_TICKET}")
        self._registry.delete_key(rf"{_CLASSES}\{EXTENSION}")
        self._registry.delete_key(rf"{_CLASSES}\passalong")
        self._registry.delete_key(rf"{_CLASSES}\MIME\Database\Content Type\{MIME_TYPE}")
        self._registry.delete_key(_UNINSTALL)
        self._registry.delete_value(_RUN, "Passalong")
        self.link.unlink(missing_ok=True)
        _tell_explorer()

    def _own_extension(self) -> None:
        self._registry.set(rf"{_CLASSES}\{EXTENSION}", "", _TICKET)
        self._registry.set(rf"{_CLASSES}\{EXTENSION}", "Content Type", MIME_TYPE)
        content_type = rf"{_CLASSES}\MIME\Database\Content Type\{MIME_TYPE}"
        self._registry.set(content_type, "Extension", EXTENSION)

    def _add_class(self, name: str, title: str, program: Path) -> None:
        key = rf"{_CLASSES}\{name}"
        self._registry.set(key, "", title)
        self._registry.set(rf"{key}\DefaultIcon", "", f"{program},0")
        self._registry.set(rf"{key}\shell\open\command", "", f'"{program}" "%1"')

    def _add_scheme(self, name: str, title: str, program: Path) -> None:
        self._add_class(name, title, program)
        self._registry.set(rf"{_CLASSES}\{name}", "URL Protocol", "")

    def _offer_for_torrents(self, program: Path) -> None:
        """Stand among the programs to choose from; only the person can make us the default."""
        self._add_class(_TORRENT, "Torrent", program)
        self._add_scheme(_MAGNET, "URL:Magnet", program)
        self._registry.set(rf"{_CLASSES}\.torrent\OpenWithProgids", _TORRENT, "")
        # Without a description Windows does not list a program.
        description = "Download large files and pass them along"
        self._registry.set(_CAPABILITIES, "ApplicationDescription", description)
        self._registry.set(_CAPABILITIES, "ApplicationIcon", f"{program},0")
        self._registry.set(_CAPABILITIES, "ApplicationName", "Passalong")
        self._registry.set(rf"{_CAPABILITIES}\FileAssociations", ".torrent", _TORRENT)
        self._registry.set(rf"{_CAPABILITIES}\UrlAssociations", "magnet", _MAGNET)
        self._registry.set(_APPLICATIONS, "Passalong", _CAPABILITIES)

    def _withdraw_from_torrents(self) -> None:
        for name in (_TORRENT, _MAGNET):
            self._registry.delete_key(rf"{_CLASSES}\{name}")
        self._registry.delete_value(rf"{_CLASSES}\.torrent\OpenWithProgids", _TORRENT)
        self._registry.delete_value(_APPLICATIONS, "Passalong")
        self._registry.delete_key(r"Software\Passalong")

    def _add_uninstaller(self, program: Path) -> None:
        folder = current_folder(self.program_folder)
        kilobytes = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) // 1000
        values: dict[str, str | int] = {
            "DisplayName": "Passalong",
            "DisplayVersion": VERSION,
            "Publisher": "Passalong",
            "DisplayIcon": f"{program},0",
            "InstallLocation": str(self.program_folder),
            "UninstallString": f'"{program}" uninstall',
            "QuietUninstallString": f'"{program}" uninstall --quiet',
            "EstimatedSize": kilobytes,
            "NoModify": 1,
            "NoRepair": 1,
        }
        for name, value in values.items():
            self._registry.set(_UNINSTALL, name, value)


def _current_user() -> Registry:
    if sys.platform == "win32":
        from client.install.registry import CurrentUser

        return CurrentUser()
    raise FolderError(_("This computer has no Windows registry."))


def _make_link(link: Path, program: Path) -> None:
    if sys.platform == "win32":
        from client.install.shortcut import write_link

        write_link(link, program)


def _tell_explorer() -> None:
    if sys.platform == "win32":
        import ctypes

        changed, flags = 0x08000000, 0
        ctypes.windll.shell32.SHChangeNotify(changed, flags, None, None)
