"""What the person has chosen, in a TOML file that they can read and change themselves."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from client.folders.keeping import write_whole
from client.words import LANGUAGES
from client.words import gettext as _

NAME = "settings.toml"
ON_CLOSE = ("ask", "share", "stop")

_REMARKS = {
    "save_folder": "Where downloads are saved; empty is your Downloads folder.",
    "max_upload": "Speed limits in kB per second; 0 is no limit.",
    "is_polite": "Send slower while others need the line.",
    "on_close": "When the window is closed while something is shared: ask, share or stop.",
    "starts_with_computer": "Start quietly with the computer while something is shared.",
    "handles_links": "Open .torrent files and magnet links with Passalong.",
    "language": "en or de; empty is the language of the computer.",
}


@dataclass(frozen=True, slots=True)
class Preferences:
    """The choices on the settings page; `libtorrent` holds settings by libtorrent's own names."""

    save_folder: str = ""
    max_upload: int = 0
    max_download: int = 0
    is_polite: bool = False
    on_close: str = "ask"
    starts_with_computer: bool = False
    handles_links: bool = False
    language: str = ""
    libtorrent: Mapping[str, str | int | bool] = field(default_factory=dict)


def read_preferences(state: Path) -> tuple[Preferences, str]:
    """The choices, and a sentence when the file is wrong: then what is right of it counts."""
    path = state / NAME
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Preferences(), ""
    except (OSError, ValueError) as error:
        text = _("The settings in {path} cannot be read ({error}).")
        return Preferences(), text.format(path=path, error=error)
    wrong = [name for name, value in document.items() if not _is_right(name, value)]
    right = {name: value for name, value in document.items() if name not in wrong}
    text = _("In {path} these settings have no meaning: {names}.")
    said = text.format(path=path, names=", ".join(wrong)) if wrong else ""
    return Preferences(**right), said


def write_preferences(state: Path, preferences: Preferences) -> None:
    """Remember the choices."""
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(state / NAME, _document(preferences).encode())


def _document(preferences: Preferences) -> str:
    lines = ["# Settings of Passalong. Close the window before you change them here."]
    for setting in fields(preferences):
        if setting.name != "libtorrent":
            remark = _REMARKS.get(setting.name)
            lines += ["", f"# {remark}"] if remark else []
            lines.append(f"{setting.name} = {_value(getattr(preferences, setting.name))}")
    lines += ["", "# Any setting of libtorrent, by its own name.", "[libtorrent]"]
    lines += [f"{name} = {_value(value)}" for name, value in preferences.libtorrent.items()]
    return "\n".join(lines) + "\n"


def _value(value: str | bool | int) -> str:
    # JSON's strings, numbers and truth values are TOML's too, once DEL is escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _is_right(name: str, value: object) -> bool:
    match name:
        case "max_upload" | "max_download":
            return type(value) is int and 0 <= value < 10_000_000
        case "is_polite" | "starts_with_computer" | "handles_links":
            return isinstance(value, bool)
        case "on_close":
            return value in ON_CLOSE
        case "language":
            return value == "" or value in LANGUAGES
        case "save_folder":
            return isinstance(value, str)
        case "libtorrent":
            return isinstance(value, dict) and all(
                isinstance(entry, str | int | bool) for entry in value.values()
            )
        case _:
            return False
