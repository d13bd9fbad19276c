"""The tracker's secret on disk: connection ids stay good over restarts and in all processes."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from ..core.connection_ids import SECRET_SIZE

NAME = "tracker-secret"


def kept_secret(folder: Path) -> bytes:
    """The secret in `folder`, made if it is not there.

    Where the folder cannot be written the secret lasts as long as the process, which costs clients
    one more question after a restart.
    """
    path = folder / NAME
    with suppress(OSError):
        secret = path.read_bytes()
        if len(secret) == SECRET_SIZE:
            return secret
    secret = secrets.token_bytes(SECRET_SIZE)
    fresh = folder / f"{NAME}.{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "wb") as file:  # noqa: PTH123  (of a descriptor, not a path)
            file.write(secret)
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
    return secret
