"""The client program as it is before anything is put into it. Building it is left to `freeze`."""

import logging
import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import file_digest
from pathlib import Path
from typing import BinaryIO

from installer.bundle import app, authenticode, cookie
from installer.bundle.app import Packed
from installer.bundle.authenticode import Signed
from installer.bundle.cookie import Cookie
from installer.errors import TemplateError

# What the names of programs end in. A Mac starts an app, which is a folder: it travels in a zip.
EXTENSIONS: Mapping[str, str] = {"windows": ".exe", "linux": "", "macos": ".zip"}
PLATFORMS = tuple(EXTENSIONS)

_NAME = re.compile(r"Passalong-([0-9]{1,6}(?:\.[0-9]{1,6}){1,3})-(windows|linux|macos)(\.[a-z]+)?")
_MAY_RUN = 0o755

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Template:
    path: Path
    platform: str
    version: str
    size: int
    modified_ns: int
    sha256: str
    cookie: Cookie
    """In the program; that of an app is packed in its zip."""
    carrier: Signed | Packed | None = None
    """What takes the payload in: a signature, a zip, or the end of the program."""

    @property
    def border(self) -> int:
        """Where the bytes end that are the same in each bundle."""
        return self.size if self.carrier is None else self.carrier.border

    @property
    def archive_end(self) -> int:
        return self.cookie.archive_end

    @property
    def is_bounded(self) -> bool:
        """Whether it runs no archive behind its own."""
        return self.cookie.is_bounded

    @property
    def signer(self) -> str | None:
        """Who signed it; an app's signature is not looked at."""
        return self.carrier.signer if isinstance(self.carrier, Signed) else None


def file_name(version: str, platform: str) -> str:
    return f"Passalong-{version}-{platform}{EXTENSIONS[platform]}"


def this_platform() -> str:
    names = {"win32": "windows", "linux": "linux", "darwin": "macos"}
    if sys.platform not in names:
        raise TemplateError(f"Passalong has no client for this kind of computer ({sys.platform}).")
    return names[sys.platform]


def inspect(path: Path) -> Template:
    """Read the whole program; refuse what would not run with a payload."""
    version, platform = _name_parts(path)
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            found, carrier = _look(file, platform)
            file.seek(0)
            sha256 = file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise TemplateError(f"The program {path} cannot be read: {error.strerror}.") from error
    except TemplateError as error:
        raise TemplateError(f"{path.name} cannot carry a payload. {error}") from error
    size, modified_ns = status.st_size, status.st_mtime_ns
    return Template(path, platform, version, size, modified_ns, sha256, found, carrier)


def newest(folder: Path, platform: str) -> Template | None:
    """The highest version for a platform; files that cannot be used are passed over."""
    candidates = [path for path in _files_in(folder) if _is_for(path, platform)]
    for path in sorted(candidates, key=_path_key, reverse=True):
        found = _inspected_once(path)
        if isinstance(found, Template):
            return found
    return None


def sort_out(folder: Path) -> tuple[list[Template], list[TemplateError]]:
    """All programs in a folder, the newest of each platform first, and why others are none."""
    paths = [path for path in _files_in(folder) if any(_is_for(path, name) for name in PLATFORMS)]
    paths.sort(key=_path_key, reverse=True)
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
        draft.chmod(_MAY_RUN)
        draft.replace(target)
    except OSError as error:
        raise TemplateError(f"{path} cannot be copied to {folder}: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)
    return inspect(target)


def remove_old(folder: Path) -> list[Template]:
    """Delete the programs that a newer one for the same platform has replaced."""
    old = [each for each in sort_out(folder)[0] if is_replaced(each)]
    try:
        for each in old:
            each.path.unlink(missing_ok=True)
    except OSError as error:
        raise TemplateError(f"{each.path} cannot be deleted: {error.strerror}.") from error
    return old


def is_replaced(template: Template) -> bool:
    """Whether a newer program for the same platform lies beside it."""
    served = newest(template.path.parent, template.platform)
    return served is not None and served.path != template.path


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


def version_key(version: str) -> tuple[int, ...]:
    """What versions are compared by."""
    return tuple(int(number) for number in version.split("."))


def _path_key(path: Path) -> tuple[int, ...]:
    return version_key(_name_parts(path)[0])


def _name_parts(path: Path) -> tuple[str, str]:
    match = _NAME.fullmatch(path.name)
    if match is None or path.name != file_name(match[1], match[2]):
        example = file_name("1.2.3", "linux")
        raise TemplateError(f"The program {path.name} is not named like {example}.")
    return match[1], match[2]


def _look(file: BinaryIO, platform: str) -> tuple[Cookie, Signed | Packed | None]:
    if platform != "macos":
        return cookie.find(file), authenticode.inspect(file)
    packed = app.inspect(file)
    with app.program_in(file) as program:
        return cookie.find(program), packed
