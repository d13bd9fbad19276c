"""What the client remembers of one transfer, so that a restart continues where it was.

One folder below the state folder for each pair of torrent and save folder. While a transfer runs
its folder is locked, so that two programs never write the same files.
"""

import hashlib
import json
import os
import secrets
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from client.errors import FolderError
from client.folders.stamps import Stamps, read, write
from client.words import gettext as _
from client.words import reason_of

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


@dataclass(slots=True)
class Kept:
    """The kept state of one transfer; `close` gives it free for others."""

    folder: Path
    _lock: IO[bytes]

    @property
    def torrent(self) -> bytes | None:
        """The .torrent file as it was when the transfer began."""
        return _read(self.folder / "torrent")

    @property
    def resume(self) -> bytes | None:
        """What the engine wants to be told when it continues."""
        return _read(self.folder / "resume")

    @property
    def name(self) -> str | None:
        """The name under which the transfer was saved."""
        name = _record(self.folder).get("name")
        return name if isinstance(name, str) else None

    @property
    def is_ours(self) -> bool:
        """Whether we made what has that name; otherwise the person did, and it is only shared."""
        return _record(self.folder).get("is_ours") is True

    @property
    def is_arriving(self) -> bool:
        """Whether a copy of what was saved elsewhere has not all come yet."""
        return _record(self.folder).get("is_arriving") is True

    def keep_torrent(self, torrent: bytes) -> None:
        """Remember what it is about, before there is a place for it."""
        if self.torrent != torrent:
            write_whole(self.folder / "torrent", torrent)

    def keep(self, torrent: bytes, name: str, *, is_ours: bool, is_arriving: bool = False) -> None:
        """Remember that this transfer was begun, and under which name."""
        record = {"name": name, "is_ours": is_ours or (self.is_ours and self.name == name)}
        if is_arriving:
            record["is_arriving"] = True
        self.keep_torrent(torrent)
        write_whole(self.folder / "record.json", json.dumps(record).encode())

    def forget_place(self) -> None:
        """Nothing of it is there any more."""
        (self.folder / "record.json").unlink(missing_ok=True)

    def keep_resume(self, resume: bytes) -> None:
        """Remember how far the engine has come."""
        write_whole(self.folder / "resume", resume)

    def forget_resume(self) -> None:
        """Let the next run read the files itself."""
        (self.folder / "resume").unlink(missing_ok=True)

    def stamps(self, count: int) -> Stamps | None:
        """How the files looked, if that was kept for so many files."""
        return read(_read(self.folder / "stamps.json") or b"", count)

    def keep_stamps(self, stamps: Stamps) -> None:
        """Remember how the files look."""
        write_whole(self.folder / "stamps.json", write(stamps))

    def close(self) -> None:
        """Let another program work on this transfer."""
        self._lock.close()


def open_kept(state: Path, info_hash: bytes, save_folder: Path) -> Kept:
    """Open, and lock, what is remembered of this torrent in this folder."""
    folder = _folder(state, info_hash, save_folder)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = lock_file(folder / "lock")
    except OSError as error:
        raise FolderError(
            _("Passalong cannot write in {state}: {reason}.").format(
                state=state, reason=reason_of(error)
            )
        ) from error
    except FolderError as error:
        raise FolderError(
            _("Another Passalong is already busy with this in {save_folder}.").format(
                save_folder=save_folder
            )
        ) from error
    return Kept(folder, lock)


def lock_file(path: Path) -> IO[bytes]:
    """Hold this file until it is closed, or the process ends however it may."""
    file = path.open("wb")
    try:
        _lock(file)
    except OSError as error:
        file.close()
        raise FolderError(_("Another Passalong holds {path}.").format(path=path)) from error
    return file


def kept_torrent(state: Path, info_hash: bytes, save_folder: Path) -> bytes | None:
    """The .torrent file of a transfer that was begun, whoever is busy with it."""
    return _read(_folder(state, info_hash, save_folder) / "torrent")


def kept_name(state: Path, info_hash: bytes, save_folder: Path) -> str:
    """Under which name it was begun, empty when it was not."""
    name = _record(_folder(state, info_hash, save_folder)).get("name")
    return name if isinstance(name, str) else ""


def is_ours(state: Path, info_hash: bytes, save_folder: Path) -> bool:
    """Whether we made what was saved, so that it may be deleted."""
    return _record(_folder(state, info_hash, save_folder)).get("is_ours") is True


def forget(state: Path, info_hash: bytes, save_folder: Path) -> None:
    """Remember nothing of this transfer any more."""
    shutil.rmtree(_folder(state, info_hash, save_folder), ignore_errors=True)


def check_writable(path: Path) -> None:
    """Find out before hours of work whether their result can be written there."""
    if path.is_dir():
        raise FolderError(
            _("{path} is a folder; the file needs a name of its own.").format(path=path)
        )
    if not path.parent.is_dir():
        raise FolderError(
            _("{path} cannot be written: there is no folder {parent}.").format(
                path=path, parent=path.parent
            )
        )
    try:
        path.lstat()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise FolderError(
            _("{path} cannot be written: {reason}.").format(path=path, reason=reason_of(error))
        ) from error
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise FolderError(_("You are not allowed to write in {parent}.").format(parent=path.parent))


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file at once: whoever reads it, after a power cut too, sees old or new."""
    # A name of its own, whatever else writes here, and never longer than a name may be.
    draft = path.with_name(f".passalong-{secrets.token_hex(8)}.draft")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise FolderError(
            _("{path} cannot be written: {reason}.").format(path=path, reason=reason_of(error))
        ) from error


def forget_drafts(folder: Path) -> None:
    """Remove what was being written there when the program was killed."""
    for draft in folder.glob(".passalong-*.draft"):
        draft.unlink(missing_ok=True)


def _folder(state: Path, info_hash: bytes, save_folder: Path) -> Path:
    where = hashlib.sha256(os.fsencode(save_folder.absolute())).hexdigest()[:12]
    return state / "transfers" / f"{info_hash.hex()}-{where}"


def _record(folder: Path) -> dict[str, object]:
    try:
        record = json.loads(_read(folder / "record.json") or b"{}")
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
