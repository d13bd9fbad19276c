"""The real attack: a torrent whose comment is a whole PyInstaller archive with another program.

PyInstaller's start code believes the last archive in its file. Put behind a program as it is,
the hostile torrent runs; inside our payload it is text, and the real program runs.
"""

import subprocess
from pathlib import Path

import pytest

from installer.bundle.joining import join
from installer.bundle.template import COOKIE_MAGIC, Template
from installer.formats import metainfo, payload
from tests.installer.bundle import hostile
from tests.installer.examples import SITE_NAME, SITE_URL


@pytest.fixture(scope="module")
def hostile_torrent(frozen: Template, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("hostile")
    return hostile.torrent(hostile.archive(frozen.path, folder))


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
