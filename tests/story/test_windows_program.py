"""The Windows program itself: what it says of itself, and that it runs nothing but itself."""

from pathlib import Path

import lief
import pytest

from installer import VERSION
from installer.bundle import authenticode, bound
from installer.bundle.joining import join
from installer.bundle.template import Template, inspect
from installer.formats import payload
from tests.installer.bundle import hostile
from tests.installer.examples import KEY, SITE_NAME, SITE_URL
from tests.installer.signing import Authority, make_authority
from tests.installer.verifiers import has_right_checksum, osslsigncode
from tests.programs import running
from tests.story.people import ON_THIS_COMPUTER
from tests.windows import FOR_WINE, Windows

MOST_BYTES = 16_000_000


@pytest.fixture(scope="module")
def hostile_archive(windows_client: Template, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """All that the start code needs to run a stranger's script."""
    return hostile.archive(windows_client.path, tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def signed(
    windows_client: Template, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Template:
    """The same program with a signature."""
    path = tmp_path_factory.mktemp("signed") / windows_client.path.name
    authority.sign(windows_client.path, path, "plain")
    return inspect(path)


def said_by(windows: Windows, folder: Path, *parts: bytes) -> str:
    program = folder / "Night-download.exe"
    program.write_bytes(b"".join(parts))
    return windows.run(program, "--version").stdout


def test_is_small_bounded_and_has_the_right_checksum(windows_client: Template) -> None:
    assert windows_client.size <= MOST_BYTES
    assert windows_client.is_bounded
    assert has_right_checksum(windows_client.path.read_bytes())


def test_says_who_made_it_and_what_it_needs(windows_client: Template) -> None:
    program = lief.PE.parse(str(windows_client.path))
    assert isinstance(program, lief.PE.Binary)
    assert program.optional_header.subsystem == lief.PE.OptionalHeader.SUBSYSTEM.WINDOWS_GUI
    resources = program.resources_manager
    assert isinstance(resources, lief.PE.ResourcesManager)
    assert len(list(resources.icons)) == 8
    assert 'level="asInvoker"' in resources.manifest
    assert "PerMonitorV2" in resources.manifest
    about = str(resources.version[0])
    assert f"ProductVersion: {VERSION}" in about
    assert "CompanyName: Passalong" in about


def test_without_bound_it_would_run_a_stranger_s_program(
    windows: Windows, windows_client: Template, hostile_archive: bytes, tmp_path: Path
) -> None:
    program = tmp_path / "program.exe"
    program.write_bytes(windows_client.path.read_bytes())
    bound.write(program, 0)
    assert said_by(windows, tmp_path, program.read_bytes(), hostile_archive) == "PWNED\n"


def test_runs_no_program_that_is_put_behind_it(
    windows: Windows, windows_client: Template, hostile_archive: bytes, tmp_path: Path
) -> None:
    said = said_by(windows, tmp_path, windows_client.path.read_bytes(), hostile_archive)
    assert said == f"Passalong {VERSION}\n"


def test_runs_no_program_that_is_put_into_its_signature(
    windows: Windows,
    signed: Template,
    authority: Authority,
    hostile_archive: bytes,
    tmp_path: Path,
) -> None:
    assert isinstance(signed.carrier, authenticode.Signed)
    head, table = authenticode.put_together(signed.carrier, hostile_archive)
    body = signed.path.read_bytes()[len(head) : signed.carrier.header.table_offset]
    assert osslsigncode(head + body + table, authority, tmp_path) == ""
    assert said_by(windows, tmp_path, head, body, table) == f"Passalong {VERSION}\n"


@pytest.fixture
def bundle(signed: Template, tmp_path: Path) -> Path:
    torrent = hostile.torrent(hostile.small_archive(tmp_path))
    program = tmp_path / "Night-download.exe"
    program.write_bytes(b"".join(join(signed, _download(torrent), KEY).chunks()))
    return program


def test_a_signed_program_with_a_download_verifies_and_runs(
    windows: Windows, authority: Authority, bundle: Path, tmp_path: Path
) -> None:
    assert osslsigncode(bundle.read_bytes(), authority, tmp_path) == ""
    settings = {**ON_THIS_COMPUTER, **FOR_WINE}.items()
    options = [f"--setting={name}={value}" for name, value in settings]
    command = windows.command(bundle, "--no-window", "--save-to", tmp_path / "to", *options)
    environment = {**windows.environment, "PASSALONG_HOME": windows.path(tmp_path / "home")}
    with running(command, tmp_path / "client.log", environment) as bob:
        assert "PWNED" not in bob.wait_for_output(": Night")


def _download(torrent: bytes) -> payload.Download:
    return payload.Download(SITE_NAME, SITE_URL, torrent)
