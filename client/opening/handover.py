"""One window per person: a second start hands what it was given to the first, and ends.

A Unix socket in a folder that only this person can enter; on Windows a loopback port, with a
secret in a file that only this person can read, which each side proves to know without saying it.
Either side believes the other nothing more than a bounded message: what is in it is checked by the
window as if it had been started with it.
"""

import hashlib
import hmac
import os
import secrets
import socket
import stat
import struct
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from client.errors import FolderError, OpeningError
from client.folders.keeping import lock_file, write_whole
from client.words import gettext as _
from installer.errors import BencodeError
from installer.formats.bencoding import decode, encode
from installer.formats.record import MAX_RECORD

_LARGEST = MAX_RECORD + 65_536
_MOST_WORDS = 8
_SECONDS = 5.0
_DONE = b"ok"
_SECRET_BYTES = 32
_NONCE_BYTES = 32
_PROOF_BYTES = 32
_LONGEST_RUNTIME_FOLDER = 64  # bytes; our folder and the socket in it add up to 40


@dataclass(frozen=True, slots=True)
class Request:
    """What a start was given: a command and its words, or the record that a program carries."""

    words: tuple[str, ...] = ()
    record: bytes = b""
    save_to: str = ""

    def write(self) -> bytes:
        """The message."""
        words: list[object] = [os.fsencode(word) for word in self.words]
        return encode(
            {b"record": self.record, b"save_to": os.fsencode(self.save_to), b"words": words}  # type: ignore[dict-item]
        )


def read_request(message: bytes) -> Request:
    """Check a message of another process."""
    try:
        value = decode(message, max_depth=3, max_tokens=64)
    except BencodeError as error:
        raise OpeningError(_("Another program sent something that makes no sense.")) from error
    match value:
        case {b"record": bytes(record), b"save_to": bytes(save_to), b"words": list(words)} if len(
            words
        ) <= _MOST_WORDS and all(isinstance(word, bytes) for word in words):
            known = tuple(os.fsdecode(word) for word in words if isinstance(word, bytes))
            return Request(known, record, os.fsdecode(save_to))
        case _:
            raise OpeningError(_("Another program sent something that makes no sense."))


class Door:
    """Held by the one window of this person; what others hand over is passed to `receive`."""

    def __init__(
        self, state: Path, receive: Callable[[Request], None], lock: IO[bytes], folder: Path
    ) -> None:
        self._receive = receive
        self._lock = lock
        self._port = _port_for(state, folder)
        self._listener = self._port.listen()
        threading.Thread(target=self._serve, name="door", daemon=True).start()

    def shut(self) -> None:
        """Take nothing more; whoever comes now waits until the door is given up."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._port.clean()

    def give_up(self) -> None:
        """Let another window be the one."""
        self._lock.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, suppress(OSError, OpeningError):
                connection.settimeout(_SECONDS)
                if self._port.is_ours(connection):
                    self._receive(read_request(_receive(connection, _LARGEST)))
                    _send(connection, _DONE)


def open_door(state: Path, receive: Callable[[Request], None]) -> Door | None:
    """Become the one window of this person; None when there is one already."""
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        lock = lock_file(state / "window.lock")
    except FolderError:
        return None
    return Door(state, receive, lock, private_folder())


def hand_over(state: Path, request: Request) -> bool:
    """Give the request to the window that is open; false when there is none."""
    port = _port_for(state, private_folder())
    try:
        with port.connect() as connection:
            connection.settimeout(_SECONDS)
            let_come_to_the_front()
            _send(connection, request.write())
            return _receive(connection, 16) == _DONE
    except (OSError, OpeningError):
        return False


def let_come_to_the_front() -> None:
    """Windows lets only what the person has just started come to the front: us, so we pass it on.

    To anybody, as the window's number is not known here; the right ends with the next key or click.
    """
    if sys.platform == "win32":
        import ctypes

        anybody = ctypes.c_ulong(0xFFFFFFFF)
        ctypes.windll.user32.AllowSetForegroundWindow(anybody)


def private_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """A folder with a short path (a socket's name has 107 bytes) that is this person's alone."""
    if sys.platform == "win32":
        return Path(tempfile.gettempdir())
    runtime = Path(environment.get("XDG_RUNTIME_DIR", ""))
    is_short = runtime.is_absolute() and len(os.fsencode(runtime)) <= _LONGEST_RUNTIME_FOLDER
    base = runtime if is_short and _is_private(runtime) else Path("/tmp")  # noqa: S108
    folder = base / f"passalong-{os.getuid()}"
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    if not _is_private(folder):
        raise FolderError(
            _("{folder} belongs to somebody else; Passalong needs it for itself.").format(
                folder=folder
            )
        )
    return folder


def remove_private_folder(state: Path) -> None:
    """Leave no trace of a window that has ended; the way to one of another state folder stays."""
    if sys.platform == "win32":
        return
    with suppress(OSError, FolderError):
        folder = private_folder()
        # One that crashed has left its socket.
        _port_for(state, folder).clean()
        folder.rmdir()


class _UnixPort:
    """A socket in the private folder."""

    def __init__(self, state: Path, folder: Path) -> None:
        name = hashlib.sha256(os.fsencode(state)).hexdigest()[:16]
        self._path = folder / f"{name}.sock"

    def listen(self) -> socket.socket:
        """The lock is ours, so a socket that is there is one that a crash left behind."""
        self.clean()
        listener = socket.socket(socket.AF_UNIX)
        before = os.umask(0o177)
        try:
            listener.bind(str(self._path))
        finally:
            os.umask(before)
        listener.listen(8)
        return listener

    def connect(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(str(self._path))
        except OSError:
            connection.close()
            raise
        return connection

    def is_ours(self, connection: socket.socket) -> bool:
        if sys.platform != "linux":
            return True  # The folder's rights say it already.
        credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        user: int = struct.unpack("3i", credentials)[1]
        return user == os.getuid()

    def clean(self) -> None:
        self._path.unlink(missing_ok=True)


class LoopbackPort:
    """A port of this computer; both sides have to know what is written in the person's file."""

    def __init__(self, state: Path) -> None:
        self._path = state / "window.port"
        self._secret = b""

    def listen(self) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", 0))
        self._secret = secrets.token_bytes(_SECRET_BYTES)
        port: int = listener.getsockname()[1]
        write_whole(self._path, struct.pack("!H", port) + self._secret)
        if sys.platform != "win32":
            self._path.chmod(0o600)
        return listener

    def connect(self) -> socket.socket:
        content = self._path.read_bytes()
        if len(content) != 2 + _SECRET_BYTES:
            raise OpeningError(_("The window's address is damaged."))
        connection = socket.create_connection(("127.0.0.1", *struct.unpack("!H", content[:2])), 2)
        try:
            _prove_to_each_other(connection, content[2:])
        except BaseException:
            connection.close()
            raise
        return connection

    def is_ours(self, connection: socket.socket) -> bool:
        visitors = _exactly(connection, _NONCE_BYTES)
        nonces = visitors + secrets.token_bytes(_NONCE_BYTES)
        connection.sendall(nonces[_NONCE_BYTES:] + _proof(self._secret, b"window", nonces))
        answer = _exactly(connection, _PROOF_BYTES)
        return hmac.compare_digest(answer, _proof(self._secret, b"visitor", nonces))

    def clean(self) -> None:
        self._path.unlink(missing_ok=True)


def _prove_to_each_other(connection: socket.socket, secret: bytes) -> None:
    """The window goes first: after a crash its port may be anybody's, who shall learn nothing."""
    mine = secrets.token_bytes(_NONCE_BYTES)
    connection.sendall(mine)
    nonces = mine + _exactly(connection, _NONCE_BYTES)
    answer = _exactly(connection, _PROOF_BYTES)
    if not hmac.compare_digest(answer, _proof(secret, b"window", nonces)):
        raise OpeningError(_("Another program sent something that makes no sense."))
    connection.sendall(_proof(secret, b"visitor", nonces))


def _proof(secret: bytes, who: bytes, nonces: bytes) -> bytes:
    return hmac.digest(secret, who + nonces, "sha256")


def _port_for(state: Path, folder: Path) -> "_UnixPort | LoopbackPort":
    return LoopbackPort(state) if sys.platform == "win32" else _UnixPort(state, folder)


def _is_private(folder: Path) -> bool:
    try:
        status = folder.lstat()
    except OSError:
        return False
    return (
        stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o077
    )


def _send(connection: socket.socket, message: bytes) -> None:
    connection.sendall(struct.pack("!I", len(message)) + message)


def _receive(connection: socket.socket, limit: int) -> bytes:
    length: int = struct.unpack("!I", _exactly(connection, 4))[0]
    if length > limit:
        raise OpeningError(_("Another program sent more than it may."))
    return _exactly(connection, length)


def _exactly(connection: socket.socket, length: int) -> bytes:
    received = bytearray()
    while len(received) < length:
        chunk = connection.recv(min(65_536, length - len(received)))
        if not chunk:
            raise OpeningError(_("Another program went away in the middle of a message."))
        received += chunk
    return bytes(received)
