"""A stranger's torrent for tests: its comment is a PyInstaller archive with another program."""

import marshal
from pathlib import Path
from typing import Any

from PyInstaller.archive.readers import CArchiveReader
from PyInstaller.archive.writers import CArchiveWriter, ZlibArchiveWriter

from installer.formats import metainfo
from tests.installer import torrents

_START_CODE = {
    "struct",
    "pyimod01_archive",
    "pyimod02_importers",
    "pyimod03_ctypes",
    "pyimod04_pywin32",
}
_START_CODE |= {"pyiboot01_bootstrap", "base_library.zip", "PYZ.pyz"}
_START_LIBRARIES = ("libpython", "python3", "libz", "_struct", "zlib", "VCRUNTIME")


class _BlobWriter(CArchiveWriter):  # type: ignore[misc]
    """Takes what stands in the archive as bytes, since it comes from another archive."""

    def _write_entry(self, fp: Any, entry: tuple[str, bytes, str]) -> Any:
        name, blob, kind = entry
        return self._write_blob(fp, blob, name, kind, compress=kind != "z")


def archive(program: Path, folder: Path) -> bytes:
    """All that this program's start code needs, and a script that prints PWNED."""
    genuine = CArchiveReader(str(program))
    library = next(name for name in genuine.toc if name.startswith(("libpython", "python311")))
    names = [
        name
        for name in genuine.toc
        if name in _START_CODE or Path(name).name.startswith(_START_LIBRARIES)
    ]
    contents = {name: genuine.extract(name) for name in names}
    # The client's own modules are not needed, and would make the torrent too large for a site.
    contents["PYZ.pyz"] = _no_modules(folder)
    entries = [(name, content, genuine.toc[name][-1]) for name, content in contents.items()]
    return _written([*entries, _script()], library, folder)


def small_archive(folder: Path) -> bytes:
    """The script alone: it cannot run, but keeps a program that believes it from running."""
    return _written([_script()], "libpython3.so", folder)


def torrent(archive: bytes) -> bytes:
    """A valid torrent with these bytes as its comment."""
    plain = metainfo.write(torrents.info_v1("Night", torrents.files({"film.mkv": 5})), comment="?")
    # The comment as raw bytes: only the field's length has to be right.
    return plain.replace(b"7:comment1:?", b"7:comment%d:%s" % (len(archive), archive))


def _no_modules(folder: Path) -> bytes:
    path = folder / "PYZ.pyz"
    ZlibArchiveWriter(str(path), [])
    return path.read_bytes()


def _script() -> tuple[str, bytes, str]:
    return "hostile", marshal.dumps(compile("print('PWNED')", "hostile.py", "exec")), "s"


def _written(entries: list[tuple[str, bytes, str]], library: str, folder: Path) -> bytes:
    path = folder / "archive"
    _BlobWriter(str(path), entries, library)
    return path.read_bytes()
