"""The real attack: a torrent whose comment is a whole PyInstaller archive with another program.

PyInstaller's start code believes the last archive in its file. Ours stops at its own archive, and
inside our payload the torrent is text: either alone keeps a stranger's program from running.
"""

import subprocess
from pathlib import Path

import pytest

from installer.bundle import bound
from installer.bundle.cookie import COOKIE_MAGIC
from installer.bundle.joining import join
from installer.bundle.template import Template
from installer.formats import metainfo, payload, record
from tests.installer.bundle import hostile
from tests.installer.examples import KEY, SITE_NAME, SITE_URL


@pytest.fixture(scope="module")
def hostile_archive(frozen: Template, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An archive that prints PWNED and needs nothing else."""
    return hostile.archive(frozen.path, tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def hostile_torrent(hostile_archive: bytes) -> bytes:
    """A valid torrent; its comment is that archive."""
    return hostile.torrent(hostile_archive)


def run(program: Path) -> str:
    program.chmod(0o755)
    finished = subprocess.run([str(program)], capture_output=True, text=True, timeout=60)
    return finished.stdout + finished.stderr


def test_the_torrent_is_one_that_a_site_accepts(hostile_torrent: bytes) -> None:
    assert metainfo.read(hostile_torrent).name == "Night"
    assert COOKIE_MAGIC in hostile_torrent


@pytest.fixture
def unbounded(frozen: Template, tmp_path: Path) -> bytes:
    """The same program with PyInstaller's own search."""
    program = tmp_path / "unbounded"
    program.write_bytes(frozen.path.read_bytes())
    bound.write(program, 0)
    return program.read_bytes()


def test_without_bound_and_encoding_the_torrent_would_run(
    unbounded: bytes, hostile_torrent: bytes, tmp_path: Path
) -> None:
    program = tmp_path / "hijacked"
    # The archive ends with its cookie; what follows in the torrent does not matter.
    program.write_bytes(unbounded + hostile_torrent)
    assert run(program) == "PWNED\n"


def test_the_shipped_program_runs_no_torrent_that_is_not_encoded(
    frozen: Template, hostile_torrent: bytes, tmp_path: Path
) -> None:
    program = tmp_path / "Night-download"
    program.write_bytes(frozen.path.read_bytes() + hostile_torrent)
    assert run(program).startswith("the real program carries")


def test_the_shipped_program_runs_no_second_archive(
    frozen: Template, hostile_archive: bytes, tmp_path: Path
) -> None:
    bundle = join(frozen, payload.Download(SITE_NAME, SITE_URL, b"de"), KEY)
    whole = b"".join(bundle.chunks())
    program = tmp_path / "Night-download"
    for data in (frozen.path.read_bytes() + hostile_archive, whole + hostile_archive):
        program.write_bytes(data)
        assert run(program).startswith("the real program carries")


def test_the_encoding_alone_suffices(
    unbounded: bytes, hostile_torrent: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "MAX_RECORD", 16 * 1024 * 1024)
    program = tmp_path / "Night-download"
    encoded = payload.write(payload.Download(SITE_NAME, SITE_URL, hostile_torrent), KEY)
    program.write_bytes(unbounded + encoded)
    assert run(program).startswith("the real program carries")


def test_the_real_program_runs(
    frozen: Template, hostile_torrent: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "MAX_RECORD", 16 * 1024 * 1024)  # The limit is not the cure.
    bundle = join(frozen, payload.Download(SITE_NAME, SITE_URL, hostile_torrent), KEY)
    program = tmp_path / "Night-download"
    program.write_bytes(b"".join(bundle.chunks()))
    assert run(program).startswith("the real program carries")


def test_the_real_program_reads_what_it_carries(frozen: Template, tmp_path: Path) -> None:
    bundle = join(frozen, payload.Download(SITE_NAME, SITE_URL, b"de"), KEY)
    program = tmp_path / "Night-download (1)"
    program.write_bytes(b"".join(bundle.chunks()))
    assert run(program) == "the real program carries Download\n"
