"""Whether this person's desktop is dark, and title bars that go with it on Windows.

A desktop says it in one of several places. Files and the registry are read; at most one short
process is started, and only on a desktop that has no file for it.
"""

import os
import re
import shutil
import subprocess
import sys
import tkinter
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

_PATIENCE_SECONDS = 0.3
_PERSONALIZE = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"
_USE_DARK_TITLE_BAR = 20  # DWMWA_USE_IMMERSIVE_DARK_MODE, since Windows 10 2004

_GNOME = ("gsettings", "get", "org.gnome.desktop.interface", "color-scheme")
_PORTAL = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_READ = "org.freedesktop.portal.Settings"
_WHAT = ("org.freedesktop.appearance", "color-scheme")
_GDBUS = ("gdbus", "call", "--session", "--dest", _PORTAL, "--object-path", _PATH)
_BUSCTL = ("busctl", "--user", "call", _PORTAL, _PATH, _READ, "Read", "ss")

Which = Callable[[str], str | None]
Run = Callable[[tuple[str, ...]], str]


def is_dark() -> bool:
    """What this person's desktop says; light where it says nothing."""
    if sys.platform == "win32":
        from client.install.registry import CurrentUser

        return CurrentUser().get(_PERSONALIZE, "AppsUseLightTheme") == 0
    return is_linux_dark(os.environ, Path.home())


def is_linux_dark(
    environment: Mapping[str, str],
    home: Path,
    which: Which = shutil.which,
    run: "Run | None" = None,
) -> bool:
    """The first place that says anything counts."""
    if theme := environment.get("GTK_THEME"):
        return "dark" in theme.lower()
    desktop = environment.get("XDG_CURRENT_DESKTOP", "")
    config = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    if "KDE" in desktop.split(":"):
        files = (config / "kdeglobals", config / "kdedefaults" / "kdeglobals")
        said = next((dark for dark in map(kde_says, map(_text, files)) if dark is not None), None)
        return said is True
    # Without a desktop nobody answers.
    command = question(desktop, which) if desktop else None
    said = answer_says((run or _run)(command)) if command else None
    if said is None:
        said = gtk_says(_text(config / "gtk-3.0" / "settings.ini"))
    return said is True


def question(desktop: str, which: Which) -> tuple[str, ...] | None:
    """The command that asks the desktop: GNOME's own, or the portal that all others have."""
    if {"GNOME", "Unity", "Budgie"} & set(desktop.split(":")) and which("gsettings"):
        return _GNOME
    if which("gdbus"):
        return (*_GDBUS, "--method", f"{_READ}.Read", *_WHAT)
    if which("busctl"):
        return (*_BUSCTL, *_WHAT)
    return _GNOME if which("gsettings") else None


def answer_says(output: str) -> bool | None:
    """GNOME answers `'prefer-dark'`; the portal `(<<uint32 1>>,)` or `v v u 1`: 1 dark, 2 light."""
    if "prefer-" in output:
        return "prefer-dark" in output
    number = re.search(r"\b([0-9])\W*$", output)
    return {"1": True, "2": False}.get(number[1]) if number else None


def kde_says(text: str) -> bool | None:
    """The window's own colour, or the name of the scheme where that is all there is."""
    colour = _value(text, "Colors:Window", "BackgroundNormal").split(",")
    if len(colour) >= 3 and all(part.strip().isdecimal() for part in colour[:3]):
        return sum(map(int, colour[:3])) < 3 * 128
    name = _value(text, "General", "ColorScheme")
    return "dark" in name.lower() if name else None


def gtk_says(text: str) -> bool | None:
    """What GTK's settings file wants, on small desktops that have nothing else."""
    wish = _value(text, "Settings", "gtk-application-prefer-dark-theme").lower()
    if wish in {"1", "true"}:
        return True
    name = _value(text, "Settings", "gtk-theme-name")
    return "dark" in name.lower() if name else None


def darken_title_bars(root: tkinter.Tk) -> None:
    """Windows draws the title bars, and has to be told for each window."""
    for kind in (root.winfo_class(), "Toplevel"):
        root.bind_class(kind, "<Map>", _darken, add="+")


def _darken(event: "tkinter.Event[tkinter.Misc]") -> None:
    import ctypes

    window = event.widget.winfo_toplevel()
    with suppress(AttributeError, OSError, ValueError):
        wish = ctypes.c_int(1)
        ctypes.windll.dwmapi.DwmSetWindowAttribute(  # type: ignore[attr-defined, unused-ignore]
            ctypes.c_void_p(int(window.wm_frame(), 16)),
            _USE_DARK_TITLE_BAR,
            ctypes.byref(wish),
            ctypes.sizeof(wish),
        )


def _value(text: str, section: str, key: str) -> str:
    """A value of an INI file, which KDE writes in a way of its own; "" when it is not there."""
    found = re.search(
        rf"^\[{re.escape(section)}\]\n(.*?)(?=^\[|\Z)", text, re.MULTILINE | re.DOTALL
    )
    line = re.search(rf"^{re.escape(key)}\s*=(.*)$", found[1], re.MULTILINE) if found else None
    return line[1].strip() if line else ""


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _run(command: tuple[str, ...]) -> str:
    try:
        finished = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return finished.stdout.strip()
