"""Forgetting everything that the client keeps in its state folder, and nothing else in there.

`PASSALONG_HOME` may name a folder in which other things lie too.
"""

import shutil
from contextlib import suppress
from pathlib import Path

_OWN = (
    "transfers",
    "known-sites",
    "shelf.json",
    "settings.toml",
    "welcomed.json",
    "window.lock",
    "window.port",
    ".passalong-*.draft",
)


def forget_everything(state: Path) -> None:
    """Remove what is ours, then the folder if nothing is left in it."""
    for pattern in _OWN:
        for path in list(state.glob(pattern)):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                with suppress(OSError):
                    path.unlink()
    with suppress(OSError):
        state.rmdir()
