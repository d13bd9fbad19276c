"""The app for macOS: the frozen program in the folder that a Mac starts, and that in a zip.

Signing an app is left to its owner, who unpacks it, calls codesign and packs it again.
"""

import plistlib
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from installer.bundle.app import PROGRAM_FOLDER

NAME = "Passalong"

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


def pack(program: Path, version: str, archive: Path) -> None:
    """The same program gives the same zip."""
    content = program.read_bytes()
    with ZipFile(archive, "w", ZIP_DEFLATED) as app:
        _add(app, "Contents/Info.plist", plistlib.dumps(_about(version)), 0o100644)
        _add(app, f"{PROGRAM_FOLDER}/{NAME}", content, 0o100755)


def _about(version: str) -> dict[str, object]:
    return {
        "CFBundleExecutable": NAME,
        "CFBundleIdentifier": f"net.{NAME.lower()}.client",
        "CFBundleInfoDictionaryVersion": "6.0",
        "CFBundleName": NAME,
        "CFBundlePackageType": "APPL",
        "CFBundleShortVersionString": version,
        "CFBundleVersion": version,
        "NSHighResolutionCapable": True,
    }


def _add(app: ZipFile, path: str, content: bytes, mode: int) -> None:
    entry = ZipInfo(f"{NAME}.app/{path}", _FIRST_DAY)
    entry.create_system = _UNIX
    entry.external_attr = mode << 16
    entry.compress_type = ZIP_DEFLATED
    app.writestr(entry, content)
