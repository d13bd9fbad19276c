"""Which key belongs to which site: believed at the first meeting, and held to afterwards.

One small file for each site below the state folder. A payload is only looked into after its
signature was checked; whether the signer is the site that the person knows is decided here.
"""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

from client.errors import OpeningError
from client.words import gettext as _
from client.words import reason_of
from installer.formats import addresses
from installer.formats.payload import SignedPayload
from installer.formats.signature import fingerprint

FOLDER = "known-sites"

Tell = Callable[[str], None]


def trust(payload: SignedPayload, state: Path, tell: Tell) -> None:
    """Return only if this is the first payload of a site, or its key is the one we know."""
    file = _file(payload.site_url, state)
    known = _remembered(file)
    if known is None:
        known = _remember(payload, file)
        tell(
            _(
                "This is the first time that you use {site_name}, {site_url}. The "
                "fingerprint of its key is {fingerprint}."
            ).format(
                site_name=payload.site_name,
                site_url=payload.site_url,
                fingerprint=fingerprint(payload.public_key),
            )
        )
    if known != payload.public_key.hex():
        raise OpeningError(
            _(
                "This program says that it comes from {site_name}, {site_url}, but "
                "its key is not the one that this site had before. Either the site "
                "was set up anew, or somebody pretends to be it, so nothing was "
                "done. Ask the people of the site whether the fingerprint of their "
                "key is now {fingerprint}; if they say so, delete the file {file} "
                "and start this program again."
            ).format(
                site_name=payload.site_name,
                site_url=payload.site_url,
                fingerprint=fingerprint(payload.public_key),
                file=file,
            )
        )


def _file(site_url: str, state: Path) -> Path:
    origin = json.dumps(addresses.origin(site_url))
    return state / FOLDER / f"{hashlib.sha256(origin.encode()).hexdigest()[:32]}.json"


def _remembered(file: Path) -> str | None:
    try:
        record = json.loads(file.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise OpeningError(_unreadable(file)) from error
    key = record.get("public_key") if isinstance(record, dict) else None
    if not isinstance(key, str):
        raise OpeningError(_unreadable(file))
    return key


def _remember(payload: SignedPayload, file: Path) -> str:
    """Write down the key, unless another program of ours has just written one."""
    record = {
        "name": payload.site_name,
        "address": payload.site_url,
        "public_key": payload.public_key.hex(),
    }
    draft = file.with_name(f".{file.name}.{os.getpid()}.draft")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft.write_text(json.dumps(record, indent=1), encoding="utf-8")
        _link(draft, file)
    except FileExistsError:
        return _remembered(file) or ""
    except OSError as error:
        text = _("Passalong cannot write in {parent}: {reason}.").format(
            parent=file.parent, reason=reason_of(error)
        )
        raise OpeningError(text) from error
    finally:
        draft.unlink(missing_ok=True)
    return payload.public_key.hex()


def _link(draft: Path, file: Path) -> None:
    """Give the draft its name, unless that name is taken."""
    try:
        file.hardlink_to(draft)
    except FileExistsError:
        raise
    except OSError:
        draft.replace(file)  # A USB stick, for example, knows no links.


def _unreadable(file: Path) -> str:
    return _(
        "The file {file}, in which Passalong remembers the key of this "
        "site, cannot be read. Nothing was done. If you delete the file, "
        "the key is learned anew."
    ).format(file=file)
