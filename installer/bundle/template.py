"""The client program as it is before anything is put behind it. Building it is left to `freeze`.

A template is a program made by PyInstaller. It finds its own archive by searching its file
backwards for the cookie, eight magic bytes and what follows them, and believes the last one.
"""

import logging
import os
import re
import shutil
import struct
import sys
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from installer.bundle import authenticode, bound
from installer.bundle.authenticode import Signed
from installer.bundle.bound import Bound
from installer.errors import TemplateError
from installer.formats import record

PLATFORMS = ("windows", "linux", "macos")
COOKIE_MAGIC = bytes.fromhex("4d45490c0b0a0b0e")

# Magic, length of the archive, offset and length of its table, Python's version and library.
_COOKIE = struct.Struct("!8sIIII64s")
_NAME = re.compile(r"Passalong-([0-9]{1,6}(?:\.[0-9]{1,6}){1,3})-(windows|linux|macos)(\.exe)?")
_CHUNK = 1 << 20
_PROGRAM = 0o755
_OVERLAP = max(len(COOKIE_MAGIC), len(record.MAGIC), bound.SIZE) - 1

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Template:
    path: Path
    platform: str
    version: str
    size: int
    modified_ns: int
    sha256: str
    cookie_offset: int
    signed: Signed | None = None
    """Where there is one, the payload goes into the signature; else behind the program."""
    is_bounded: bool = False
    """Whether it runs no archive behind its own."""

    @property
    def archive_end(self) -> int:
        return self.cookie_offset + _COOKIE.size


@dataclass(frozen=True, slots=True)
class _Scan:
    sha256: str
    last_cookie: int | None
    has_payload: bool
    bound: Bound | None


def file_name(version: str, platform: str) -> str:
    return f"Passalong-{version}-{platform}" + (".exe" if platform == "windows" else "")


def this_platform() -> str:
    names = {"win32": "windows", "linux": "linux", "darwin": "macos"}
    if sys.platform not in names:
        raise TemplateError(f"Passalong has no client for this kind of computer ({sys.platform}).")
    return names[sys.platform]


def inspect(path: Path) -> Template:
    """Read the whole program once; refuse what would not run with a payload behind it."""
    version, platform = _name_parts(path)
    try:
        with path.open("rb") as program:
            status = os.fstat(program.fileno())
            scan = _scan(program)
            _check(path, program, scan)
            signed = _signed(path, program)
    except OSError as error:
        raise TemplateError(f"The program {path} cannot be read: {error.strerror}.") from error
    assert scan.last_cookie is not None
    return Template(
        path=path,
        platform=platform,
        version=version,
        size=status.st_size,
        modified_ns=status.st_mtime_ns,
        sha256=scan.sha256,
        cookie_offset=scan.last_cookie,
        signed=signed,
        is_bounded=_is_bounded(path, scan),
    )


def newest(folder: Path, platform: str) -> Template | None:
    """The highest version for a platform; files that cannot be used are passed over."""
    candidates = [path for path in _files_in(folder) if _is_for(path, platform)]
    for path in sorted(candidates, key=_version_key, reverse=True):
        found = _inspected_once(path)
        if isinstance(found, Template):
            return found
    return None


def sort_out(folder: Path) -> tuple[list[Template], list[TemplateError]]:
    """All programs in a folder, the newest of each platform first, and why others are none."""
    paths = [path for path in _files_in(folder) if any(_is_for(path, name) for name in PLATFORMS)]
    paths.sort(key=_version_key, reverse=True)
    paths.sort(key=lambda path: PLATFORMS.index(_name_parts(path)[1]))
    found = [_inspected_once(path) for path in paths]
    usable = [one for one in found if isinstance(one, Template)]
    return usable, [one for one in found if isinstance(one, TemplateError)]


def add(path: Path, folder: Path) -> Template:
    """Check a program and copy it to the others; until it is whole there, it is not seen."""
    inspect(path)
    target = folder / path.name
    draft = folder / f".{path.name}.{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, draft)
        draft.chmod(_PROGRAM)
        draft.replace(target)
    except OSError as error:
        raise TemplateError(f"{path} cannot be copied to {folder}: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)
    return inspect(target)


def _inspected_once(path: Path) -> Template | TemplateError:
    try:
        status = path.stat()
    except OSError as error:
        return TemplateError(f"The program {path} cannot be read: {error.strerror}.")
    return _remembered(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=32)
def _remembered(path: Path, _size: int, _modified_ns: int) -> Template | TemplateError:
    """Inspect a file once for each of its states, the bad ones too."""
    try:
        return inspect(path)
    except TemplateError as error:
        _log.warning("%s", error)
        return error


def _files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _is_for(path: Path, platform: str) -> bool:
    try:
        return _name_parts(path)[1] == platform
    except TemplateError:
        return False


def _version_key(path: Path) -> tuple[int, ...]:
    return tuple(int(number) for number in _name_parts(path)[0].split("."))


def _name_parts(path: Path) -> tuple[str, str]:
    match = _NAME.fullmatch(path.name)
    if match is None or path.name != file_name(match[1], match[2]):
        example = file_name("1.2.3", "linux")
        raise TemplateError(f"The program {path.name} is not named like {example}.")
    return match[1], match[2]


def _scan(program: BinaryIO) -> _Scan:
    digest, last_cookie, has_payload, found_bound = sha256(), None, False, None
    before, start = b"", 0
    while chunk := program.read(_CHUNK):
        digest.update(chunk)
        window = before + chunk
        found = window.rfind(COOKIE_MAGIC)
        if found >= 0:
            last_cookie = start - len(before) + found
        has_payload = has_payload or record.MAGIC in window
        found_bound = bound.find(window) or found_bound
        before = window[-_OVERLAP:]
        start += len(chunk)
    return _Scan(digest.hexdigest(), last_cookie, has_payload, found_bound)


def _check(path: Path, program: BinaryIO, scan: _Scan) -> None:
    if scan.last_cookie is None:
        raise TemplateError(f"{path.name} is not a program made by PyInstaller, or not whole.")
    if scan.has_payload:
        raise TemplateError(f"{path.name} already carries a payload.")
    program.seek(scan.last_cookie)
    cookie = program.read(_COOKIE.size)
    if len(cookie) < _COOKIE.size or not _is_sound(cookie, scan.last_cookie):
        raise TemplateError(f"{path.name} is damaged: its archive cannot be where it says.")


def _is_bounded(path: Path, scan: _Scan) -> bool:
    """Freezing alone leaves the bound open, for a moment; a wrong one would be a dead program."""
    assert scan.last_cookie is not None
    if scan.bound is None or not scan.bound.end:
        return False
    if scan.bound.end != scan.last_cookie + _COOKIE.size:
        raise TemplateError(f"{path.name} is damaged: its archive does not end where it says.")
    return True


def _signed(path: Path, program: BinaryIO) -> Signed | None:
    try:
        return authenticode.inspect(program)
    except TemplateError as error:
        raise TemplateError(f"{path.name} cannot carry a payload. {error}") from error


def _is_sound(cookie: bytes, offset: int) -> bool:
    length: int
    _, length, table_offset, table_length, _, _ = _COOKIE.unpack(cookie)
    archive_start = offset + _COOKIE.size - length
    return archive_start >= 0 and table_offset + table_length <= length - _COOKIE.size
