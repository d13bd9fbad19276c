"""The data folder: everything a site keeps, readable by nobody else, used by one copy at a time."""

import json
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
FOLDERS = ("queue", "queue-control", "templates")


class AlreadyRunning(Exception):  # noqa: N818  (a sentence, said to the admin)
    """Another copy of the site uses the data folder."""

    def __init__(self, data_dir: Path, copy: "RunningCopy | None") -> None:
        what = f"runs at {copy.url} (process {copy.pid})" if copy else "is just starting"
        super().__init__(
            f"Another copy of Passalong {what} with the data folder {data_dir}. "
            "Stop that copy first, or give this one a folder of its own with --data-dir."
        )


@dataclass(frozen=True, slots=True)
class RunningCopy:
    """What other commands may know of the copy that runs: kept in `serve.json` meanwhile."""

    url: str
    pid: int
    web_port: int
    tracker_port: int

    @classmethod
    def read(cls, data_dir: Path) -> "RunningCopy | None":
        """The copy that announced itself last, None when it ended in order or never started."""
        try:
            return cls(**json.loads(_announcement(data_dir).read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def announce(self, data_dir: Path) -> None:
        """Let other commands find this copy."""
        write_private(_announcement(data_dir), json.dumps(asdict(self)))

    @staticmethod
    def withdraw(data_dir: Path) -> None:
        """Forget the announcement, our own or that of a copy that was killed."""
        _announcement(data_dir).unlink(missing_ok=True)


def make(data_dir: Path) -> None:
    """Make what is missing of the folder, before Django reads its settings from there."""
    data_dir.mkdir(parents=True, exist_ok=True)
    data_dir.chmod(PRIVATE_FOLDER)  # Freezing the client, for one, may have made it before.
    for name in FOLDERS:
        (data_dir / name).mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    if not (data_dir / "secret-key").exists():
        write_private(data_dir / "secret-key", secrets.token_urlsafe(50))


def write_private(path: Path, text: str) -> None:
    """Write a file that only this user can read; it is never there in part."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


@contextmanager
def locked(path: Path) -> Iterator[bool]:
    """Hold a file for this process, if nobody else does: says whether it could."""
    with path.open("a+b") as file:
        try:
            _lock(file.fileno())
        except OSError:
            yield False
        else:
            yield True


@contextmanager
def only_copy(data_dir: Path) -> Iterator[None]:
    """Hold the folder for this copy; raises `AlreadyRunning`.

    The lock belongs to the operating system, which releases it even when this process is killed.
    """
    with locked(data_dir / "serve.lock") as is_ours:
        if not is_ours:
            raise AlreadyRunning(data_dir, RunningCopy.read(data_dir))
        try:
            yield
        finally:
            with suppress(OSError):
                RunningCopy.withdraw(data_dir)


def _announcement(data_dir: Path) -> Path:
    return data_dir / "serve.json"


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
