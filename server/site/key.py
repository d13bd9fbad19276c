"""The key with which this site signs payloads: made once, kept in the data folder, never shown.

Visitors' clients remember it. A site that loses it looks to them as if somebody else pretended to
be it, so it belongs into every backup.
"""

import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from installer.errors import PassalongError
from installer.formats.signature import SEED_BYTES, SiteKey

PRIVATE_FILE = 0o600


class SiteKeyError(PassalongError):
    """The key cannot be used."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The site's key {path} cannot be read. Put it back from a backup; with a new key, "
            "everybody who knows this site is told that somebody may be pretending to be it."
        )


def site_key() -> SiteKey:
    """The key of this site, made now if there is none yet; raises `SiteKeyError`."""
    path = Path(settings.DATA_DIR) / "site-key"
    try:
        if not path.exists():
            _make(path)
        return _read(path.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise SiteKeyError(path) from error


@lru_cache(maxsize=2)
def _read(text: str) -> SiteKey:
    seed = bytes.fromhex(text.strip())
    if len(seed) != SEED_BYTES:
        raise ValueError
    return SiteKey(seed)


def _make(path: Path) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{SiteKey.make().seed.hex()}\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        # Unlike a rename, a link never replaces the key of a process that was faster.
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
