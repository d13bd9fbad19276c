"""Which names a torrent may give its files. A name is refused, never repaired.

A repaired name would change the info-hash, and two programs would repair it in two ways. What
passes here can be stored under the same name by Windows, macOS and Linux, and looks like what it
is. Making a path from a name on this computer is left to the client.
"""

import re
import unicodedata
from collections.abc import Iterable

from installer.errors import NameRefused, Text

MAX_NAME_BYTES = 240

_FORBIDDEN = frozenset('/\\:*?"<>|')

# Characters without a shape of their own: they reverse a name's direction (so that "gpj.exe"
# reads as "exe.jpg") or make two different names look the same.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff"
    "\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)

# Windows opens a device for these, with any extension and in any folder.
_DEVICE = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³]) *(\.|$)", re.IGNORECASE)

# libtorrent counts a file as padding when this is anywhere in its path, in these very letters.
_BITCOMET_PADDING = "_____padding_file_"


def check_name(raw: bytes) -> str:
    """Return the name that these bytes spell, if it may stand in a path."""
    try:
        name = raw.decode()
    except UnicodeDecodeError as error:
        raise _refused(raw, Text("is not valid UTF-8")) from error
    reason = _reason_against(name, len(raw))
    if reason is not None:
        raise _refused(raw, reason)
    return name


def check_paths(paths: Iterable[tuple[str, ...]]) -> None:
    """Refuse paths that some computer would store in the same place.

    One step per path element: each folder has a number, and a name is looked up in its folder.
    """
    spellings: dict[tuple[int, str], str] = {}
    numbers: dict[tuple[int, str], int] = {}
    files: set[tuple[int, str]] = set()
    folded: dict[str, str] = {}
    for path in paths:
        folder = 0
        for depth, name in enumerate(path, start=1):
            key = (folder, folded.get(name) or folded.setdefault(name, _fold(name)))
            is_new = key not in spellings
            if spellings.setdefault(key, name) != name:
                raise _clash(
                    path, Text("differs only in its letters from “{other}”", other=spellings[key])
                )
            is_file = depth == len(path)
            if not is_new and (is_file or key in files):
                is_twin = is_file and key in files
                twice, both = Text("is there twice"), Text("is a file and also a folder")
                raise _clash(path, twice if is_twin else both)
            if is_file:
                files.add(key)
            folder = numbers.setdefault(key, len(numbers) + 1)


def shown(name: bytes | str) -> str:
    """A name that may be put into a sentence, whatever is in it."""
    text = name.decode(errors="backslashreplace") if isinstance(name, bytes) else name
    visible = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return visible if len(visible) <= 100 else f"{visible[:100]}…"


def _reason_against(name: str, size: int) -> Text | None:
    if not name:
        return Text("is empty")
    if size > MAX_NAME_BYTES:
        return Text("is longer than {limit} bytes", limit=MAX_NAME_BYTES)
    if not _FORBIDDEN.isdisjoint(name):
        return Text(
            'has one of the characters / \\ : * ? " < > |, which not every computer can store'
        )
    if not name.isprintable() and any(unicodedata.category(c) == "Cc" for c in name):
        return Text("has a control character")
    if not name.isascii() and _INVISIBLE.search(name):
        return Text("has an invisible character, or one that changes the direction of reading")
    if name[-1] in " .":
        return (
            Text("is a folder reference")
            if name in {".", ".."}
            else Text("ends with a dot or a space")
        )
    if _DEVICE.match(name):
        return Text("is the name of a device on Windows")
    if _BITCOMET_PADDING in name:
        return Text("is one that programs take for padding, and do not save")
    if not unicodedata.is_normalized("NFC", name):
        return Text("spells its accents as separate characters (it is not in Unicode's form NFC)")
    return None


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", name.casefold())


def _refused(raw: bytes, reason: Text) -> NameRefused:
    text = shown(raw)
    return NameRefused(Text("The name “{name}” {reason}.", name=text, reason=reason), field=text)


def _clash(path: tuple[str, ...], reason: Text) -> NameRefused:
    text = shown("/".join(path))
    return NameRefused(Text("The name “{name}” {reason}.", name=text, reason=reason), field=text)
