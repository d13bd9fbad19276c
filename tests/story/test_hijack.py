"""Mallory publishes a torrent that brings a program of its own: Bob's client is the real one."""

import subprocess
from pathlib import Path

import pytest

from installer.bundle import bound
from installer.bundle.cookie import COOKIE_MAGIC
from installer.bundle.joining import join
from installer.bundle.template import Template, newest, this_platform
from installer.formats import metainfo, payload
from tests.installer.bundle import hostile
from tests.installer.examples import KEY, SITE_NAME, SITE_URL
from tests.programs import clean_environment, running
from tests.story.people import ON_THIS_COMPUTER

OFFLINE = [f"--setting={name}={value}" for name, value in ON_THIS_COMPUTER.items()]
SECONDS_TO_START = 60


@pytest.fixture(scope="module")
def client(frozen_client: Path) -> Template:
    client = newest(frozen_client, this_platform())
    assert client is not None
    return client


@pytest.fixture(scope="module")
def whole_program(client: Template, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A torrent with all that is needed to run; it is too large for a site to put inside."""
    archive = hostile.archive(client.path, tmp_path_factory.mktemp("whole"))
    return hostile.torrent(archive)


@pytest.fixture(scope="module")
def small_program(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A torrent with an archive so small that a site puts it inside."""
    return hostile.torrent(hostile.small_archive(tmp_path_factory.mktemp("small")))


def program_of(folder: Path, *parts: bytes) -> Path:
    program = folder / "Night-download"
    program.write_bytes(b"".join(parts))
    program.chmod(0o755)
    return program


def said_by(program: Path) -> str:
    finished = subprocess.run(
        [program, "--no-window", "--save-to", program.parent / "Downloads", *OFFLINE],
        capture_output=True,
        text=True,
        timeout=SECONDS_TO_START,
        env=clean_environment(PASSALONG_HOME=str(program.parent / "passalong")),
    )
    return finished.stdout + finished.stderr


def test_a_site_accepts_these_torrents(whole_program: bytes, small_program: bytes) -> None:
    for torrent in (whole_program, small_program):
        assert metainfo.read(torrent).name == "Night"
        assert COOKIE_MAGIC in torrent
    assert len(small_program) < payload.INLINE_TORRENT_LIMIT


@pytest.fixture(scope="module")
def unbounded(client: Template, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The same client with PyInstaller's own search for its archive."""
    program = tmp_path_factory.mktemp("unbounded") / "program"
    program.write_bytes(client.path.read_bytes())
    bound.write(program, 0)
    return program.read_bytes()


def test_without_bound_and_encoding_the_torrent_is_the_program(
    unbounded: bytes, whole_program: bytes, small_program: bytes, tmp_path: Path
) -> None:
    assert said_by(program_of(tmp_path, unbounded, whole_program)) == "PWNED\n"
    assert "PYI-" in said_by(program_of(tmp_path, unbounded, small_program))


def test_the_client_runs_no_torrent_that_is_put_behind_it(
    client: Template, whole_program: bytes, small_program: bytes, tmp_path: Path
) -> None:
    for torrent in (whole_program, small_program):
        program = program_of(tmp_path, client.path.read_bytes(), torrent)
        assert said_by(program).startswith("This program carries")


def test_the_client_downloads_what_the_torrent_describes(
    client: Template, small_program: bytes, tmp_path: Path
) -> None:
    bundle = join(client, payload.Download(SITE_NAME, SITE_URL, small_program), KEY)
    program = program_of(tmp_path, *bundle.chunks())
    arguments = [program, "--no-window", "--save-to", tmp_path / "Downloads", *OFFLINE]
    environment = clean_environment(PASSALONG_HOME=str(tmp_path / "passalong"))
    with running(arguments, tmp_path / "client.log", environment) as bob:
        assert "PWNED" not in bob.wait_for_output(": Night", SECONDS_TO_START)
