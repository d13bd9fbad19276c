"""Making the installed copy known to a Linux desktop: menu, icon, file type and link scheme.

Everything lies in the person's own data folder, by the rules of freedesktop.org.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from client.folders.keeping import forget_drafts, write_whole
from client.install.defaults import Defaults
from installer.formats.ticket import MIME_TYPE

_DESKTOP = "passalong.desktop"
_OWN_TYPES = (MIME_TYPE, "x-scheme-handler/passalong")
_OTHER_TYPES = ("application/x-bittorrent", "x-scheme-handler/magnet")
_MIME = f"""<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="{MIME_TYPE}">
    <comment>Passalong upload ticket</comment>
    <glob pattern="*.passalong"/>
  </mime-type>
</mime-info>
"""


class LinuxDesktop:
    """The person's menu and file types. `data` is ~/.local/share, `config` is ~/.config."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        home = Path.home()
        self.data = _folder(environment, "XDG_DATA_HOME", home / ".local/share")
        self.config = _folder(environment, "XDG_CONFIG_HOME", home / ".config")
        self.program_folder = self.data / "passalong"
        self._defaults = Defaults(self.config / "mimeapps.list", _DESKTOP)

    def register(self, program: Path, *, handles_links: bool, starts_with_computer: bool) -> None:
        """Bring the desktop in line with these wishes; doing it again changes nothing."""
        types = _OWN_TYPES + (_OTHER_TYPES if handles_links else ())
        entry = self.data / "applications" / _DESKTOP
        if handles_links and not _handles_links(entry):
            # Once only: a person who chooses another program later on means it.
            self._defaults.take(_OTHER_TYPES)
        self._write(entry, _entry(program, types))
        self._write(self.data / "mime/packages/passalong.xml", _MIME)
        icon = Path(__file__).with_name("passalong.svg").read_text(encoding="utf-8")
        self._write(self.data / "icons/hicolor/scalable/apps/passalong.svg", icon)
        autostart = self.config / "autostart" / _DESKTOP
        if starts_with_computer:
            self._write(autostart, _entry(program, (), "--quiet"))
        else:
            _remove(autostart)
        self._refresh()
        if not handles_links:
            self._give_defaults_back()

    def unregister(self) -> None:
        """Take everything away again, and folders that are empty then."""
        for path in (
            self.data / "applications" / _DESKTOP,
            self.data / "mime/packages/passalong.xml",
            self.data / "icons/hicolor/scalable/apps/passalong.svg",
            self.config / "autostart" / _DESKTOP,
        ):
            forget_drafts(path.parent)
            _remove(path)
        forget_drafts(self.config)
        self._give_defaults_back()
        self._refresh()
        self._remove_indexes()

    def _write(self, path: Path, content: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content.encode())

    def _refresh(self) -> None:
        """Let the desktop read its folders again; without these programs it does so by itself."""
        for program, folder in (
            ("update-mime-database", self.data / "mime"),
            ("update-desktop-database", self.data / "applications"),
        ):
            if folder.is_dir():
                _run(program, str(folder))

    def _remove_indexes(self) -> None:
        """Indexes of nothing, which the desktop's own programs leave behind."""
        mime = self.data / "mime"
        if mime.is_dir() and not any((mime / "packages").glob("*.xml")):
            shutil.rmtree(mime, ignore_errors=True)
        applications = self.data / "applications"
        if not any(applications.glob("**/*.desktop")):
            _remove(applications / "mimeinfo.cache")
        remove_empty(mime, Path.home())
        remove_empty(applications, Path.home())

    def _give_defaults_back(self) -> None:
        with suppress(OSError):
            if self._defaults.give_back():
                remove_empty(self.config, Path.home())


def remove_empty(folder: Path, stop: Path) -> None:
    """Remove the folder and those above it as long as they are empty, up to `stop`."""
    while folder.is_relative_to(stop) and folder != stop:
        with suppress(FileNotFoundError):
            try:
                folder.rmdir()
            except FileNotFoundError:
                pass
            except OSError:
                return
        folder = folder.parent


def _entry(program: Path, types: tuple[str, ...], *options: str) -> str:
    quoted = re.sub(r'(["`$\\])', r"\\\\\1", str(program))
    lines = [
        "[Desktop Entry]",
        "Type=Application",
        "Name=Passalong",
        "Comment=Download large files and pass them along",
        "Comment[de]=Große Dateien herunterladen und weitergeben",
        " ".join([f'Exec="{quoted.replace("%", "%%")}"', *options, *(["%u"] if types else [])]),
        "Icon=passalong",
        "Terminal=false",
        "Categories=Network;FileTransfer;",
        "StartupWMClass=Passalong",
    ]
    if types:
        lines += [f"MimeType={';'.join(types)};", "Actions=uninstall;", ""]
        lines += ["[Desktop Action uninstall]", "Name=Uninstall", "Name[de]=Deinstallieren"]
        lines += [f'Exec="{quoted.replace("%", "%%")}" uninstall']
    return "\n".join(lines) + "\n"


def _folder(environment: Mapping[str, str], name: str, default: Path) -> Path:
    value = Path(environment.get(name, ""))
    return value if value.is_absolute() else default


def _handles_links(entry: Path) -> bool:
    try:
        return _OTHER_TYPES[0] in entry.read_text(encoding="utf-8")
    except OSError:
        return False


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    if path.parent.is_dir():
        remove_empty(path.parent, Path.home())


def _run(*command: str) -> None:
    with suppress(OSError, subprocess.TimeoutExpired):
        subprocess.run(command, capture_output=True, timeout=20, check=False)
