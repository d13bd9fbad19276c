"""What the window lists, kept in one file so that it is all there again after a restart."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from client.errors import FolderError
from client.folders.keeping import write_whole
from client.words import gettext as _
from client.words import reason_of

_NAME = "shelf.json"


@dataclass(frozen=True, slots=True)
class Shelved:
    """One transfer: which torrent, where it is saved, how it stood and how it is to go.

    `moved_from` is the folder where it was saved before the person chose another.

    What is yet to be published has no torrent, but a ticket (its bytes as hexadecimal digits) and
    what its publisher says of it.
    """

    info_hash: str
    folder: str
    name: str = ""
    site_name: str = ""
    page_url: str = ""
    upload_url: str = ""
    magnet: str = ""
    is_share_only: bool = False
    is_active: bool = True
    is_complete: bool = False
    priorities: str = ""
    is_in_order: bool = False
    max_upload: int = 0
    max_download: int = 0
    ticket: str = ""
    title: str = ""
    description: str = ""
    category: str = ""
    moved_from: str = ""


def read_shelf(state: Path) -> list[Shelved]:
    """What was on the shelf; what cannot be understood is left out, never a reason to fail."""
    try:
        entries = json.loads((state / _NAME).read_bytes())
    except (OSError, ValueError):
        return []
    if not isinstance(entries, list):
        return []
    return [shelved for entry in entries if (shelved := _read(entry)) is not None]


def write_shelf(state: Path, shelf: Sequence[Shelved]) -> None:
    """Remember this shelf instead of the last one."""
    try:
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise FolderError(
            _("Passalong cannot write in {state}: {reason}.").format(
                state=state, reason=reason_of(error)
            )
        ) from error
    entries = [asdict(shelved) for shelved in shelf]
    write_whole(state / _NAME, json.dumps(entries, indent=1).encode())


def _read(entry: object) -> Shelved | None:
    if not isinstance(entry, dict):
        return None
    kinds = dict(Shelved.__annotations__)
    known = {key: value for key, value in entry.items() if key in kinds}
    if not all(isinstance(value, kinds[key]) for key, value in known.items()):
        return None
    try:
        return Shelved(**known)
    except TypeError:
        return None
