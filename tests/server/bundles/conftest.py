"""What the tests of bundles share."""

import pytest

from tests.installer import signing, windows


@pytest.fixture(scope="session")
def signed_program(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A Windows program with a signature."""
    folder = tmp_path_factory.mktemp("signed")
    unsigned, signed = folder / "unsigned.exe", folder / "signed.exe"
    unsigned.write_bytes(windows.unsigned_program())
    signing.make_authority(folder).sign(unsigned, signed, "plain")
    return signed.read_bytes()
