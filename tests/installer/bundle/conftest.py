"""Signed Windows templates, made once for all tests of bundles."""

from collections.abc import Mapping

import pytest

from installer.bundle.template import Template, inspect
from tests.installer import signing, windows
from tests.installer.signing import Authority


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return signing.make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def signed_templates(
    authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Template]:
    folder = tmp_path_factory.mktemp("signed")
    unsigned = folder / "unsigned.exe"
    unsigned.write_bytes(windows.unsigned_program())
    templates = {}
    for kind in signing.KINDS:
        path = folder / kind / "Passalong-0.1.0-windows.exe"
        path.parent.mkdir()
        authority.sign(unsigned, path, kind)
        templates[kind] = inspect(path)
    return templates


@pytest.fixture
def signed(signed_templates: Mapping[str, Template]) -> Template:
    return signed_templates["timestamped"]
