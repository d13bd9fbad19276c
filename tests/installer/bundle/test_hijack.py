"""The real attack: a torrent whose comment is a whole PyInstaller archive with another program.

PyInstaller's start code believes the last archive in its file. Put behind a program as it is,
the hostile torrent runs; inside our payload it is text, and the real program runs.
"""

import marshal
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PyInstaller.archive.readers import CArchiveReader
from PyInstaller.archive.writers import CArchiveWriter

from installer.bundle.joining import join
from installer.bundle.template import COOKIE_MAGIC, Template
from installer.formats import metainfo, payload
from tests.installer import torrents
from tests.installer.examples import SITE_NAME, SITE_URL

_START_CODE = {"struct", "pyimod01_archive", "pyimod02_importers", "pyimod03_ctypes"}
_START_CODE |= {"pyiboot01_bootstrap", "base_library.zip", "PYZ.pyz"}
_START_LIBRARIES = ("libpython", "libz", "_struct", "zlib")


class _BlobWriter(CArchiveWriter):  # type: ignore[misc]
    """Takes what stands in the archive as bytes, since it comes from another archive."""

    def _write_entry(self, fp: Any, entry: tuple[str, bytes, str]) -> Any:
        name, blob, kind = entry
        return self._write_blob(fp, blob, name, kind, compress=kind != "z")


@pytest.fixture(scope="module")
def hostile_torrent(frozen: Template, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A valid torrent; its comment is an archive that prints PWNED and needs nothing else."""
    genuine = CArchiveReader(str(frozen.path))
    library = next(name for name in genuine.toc if name.startswith("libpython"))
    names = [
        name
        for name in genuine.toc
        if name in _START_CODE or Path(name).name.startswith(_START_LIBRARIES)
    ]
    entries = [(name, genuine.extract(name), genuine.toc[name][-1]) for name in names]
    script = marshal.dumps(compile("print('PWNED')", "hostile.py", "exec"))
    archive = tmp_path_factory.mktemp("hostile") / "archive"
    _BlobWriter(str(archive), [*entries, ("hostile", script, "s")], library)
    content = torrents.files({"film.mkv": 5})
    # The comment as raw bytes: only the field's length has to be right.
    torrent = metainfo.write(torrents.info_v1("Night", content), comment="?")
    comment = archive.read_bytes()
    return torrent.replace(b"7:comment1:?", b"7:comment%d:%s" % (len(comment), comment))


def run(program: Path) -> str:
    program.chmod(0o755)
    finished = subprocess.run([str(program)], capture_output=True, text=True, timeout=60)
    return finished.stdout + finished.stderr


def test_the_torrent_is_one_that_a_site_accepts(hostile_torrent: bytes) -> None:
    assert metainfo.read(hostile_torrent).name == "Night"
    assert COOKIE_MAGIC in hostile_torrent


def test_without_our_encoding_the_torrent_would_run(
    frozen: Template, hostile_torrent: bytes, tmp_path: Path
) -> None:
    program = tmp_path / "hijacked"
    # The archive ends with its cookie; what follows in the torrent does not matter.
    program.write_bytes(frozen.path.read_bytes() + hostile_torrent)
    assert run(program) == "PWNED\n"


def test_the_real_program_runs(
    frozen: Template, hostile_torrent: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payload, "MAX_RECORD", 16 * 1024 * 1024)  # The limit is not the cure.
    bundle = join(frozen, payload.Download(SITE_NAME, SITE_URL, hostile_torrent))
    program = tmp_path / "Night-download"
    program.write_bytes(b"".join(bundle.chunks()))
    assert run(program).startswith("the real program carries")


def test_the_real_program_reads_what_it_carries(frozen: Template, tmp_path: Path) -> None:
    bundle = join(frozen, payload.Download(SITE_NAME, SITE_URL, b"de"))
    program = tmp_path / "Night-download (1)"
    program.write_bytes(b"".join(bundle.chunks()))
    assert run(program) == "the real program carries Download\n"
