"""The code that proves a first visitor to be the one who started the site.

It lies in the data folder, readable only by the site's own account, until the site is set up.
"""

import os
import secrets
from pathlib import Path

from django.conf import settings


def ensure() -> str:
    """The code, made now if there is none yet."""
    try:
        # O_EXCL: of two processes that start together one makes the code and the other reads it.
        descriptor = os.open(_path(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return read() or _replace()
    return _write(descriptor)


def read() -> str | None:
    """The code, or None when there is none."""
    try:
        return _path().read_text().strip() or None
    except FileNotFoundError:
        return None


def forget() -> None:
    """Remove the code: it has done its work."""
    _path().unlink(missing_ok=True)


def is_right(code: str) -> bool:
    """Whether this is the code, in a time that tells nothing about how much of it is right."""
    expected = read()
    return expected is not None and secrets.compare_digest(code.encode(), expected.encode())


def _replace() -> str:
    # Empty: a process was killed between making the file and filling it.
    return _write(os.open(_path(), os.O_WRONLY | os.O_TRUNC, 0o600))


def _write(descriptor: int) -> str:
    code = secrets.token_urlsafe(16)
    with os.fdopen(descriptor, "w") as file:
        file.write(code)
    return code


def _path() -> Path:
    return settings.DATA_DIR / "setup-code"
