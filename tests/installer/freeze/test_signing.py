"""Programs are signed when the environment says so, with what it says, or not at all."""

import io
import subprocess
from pathlib import Path

import pytest

from installer.bundle import template
from installer.errors import PassalongError
from installer.freeze.signing import sign
from tests.installer import windows
from tests.installer.signing import SIGNER, make_authority

PASSWORD = "a long way"


def test_signs_with_a_file_of_key_and_certificate(tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    program = tmp_path / "Passalong-0.1.0-windows.exe"
    program.write_bytes(windows.unsigned_program())
    (tmp_path / "password").write_text(PASSWORD)
    command = ["openssl", "pkcs12", "-export", "-passout", f"pass:{PASSWORD}"]
    command += ["-in", str(authority.certificate("code")), "-inkey", str(authority.key("code"))]
    subprocess.run([*command, "-out", str(tmp_path / "code.p12")], check=True)
    environment = {
        "PASSALONG_SIGN_PKCS12": str(tmp_path / "code.p12"),
        "PASSALONG_SIGN_PASSWORD_FILE": str(tmp_path / "password"),
    }
    with (tmp_path / "log").open("w") as log:
        sign(program, log, environment)
    assert SIGNER in str(template.inspect(program).carrier)


def test_leaves_a_program_alone_when_nothing_is_said(tmp_path: Path) -> None:
    program = tmp_path / "program.exe"
    program.write_bytes(b"as it was")
    sign(program, io.StringIO(), {"PASSALONG_SIGN_PKCS12": ""})
    assert program.read_bytes() == b"as it was"


@pytest.mark.parametrize("name", ["KEY", "PASSWORD_FILE", "PKCS11_MODULE", "PASWORD_FILE"])
def test_refuses_half_of_what_signing_needs(name: str, tmp_path: Path) -> None:
    with pytest.raises(PassalongError, match="PASSALONG_SIGN_"):
        sign(tmp_path, io.StringIO(), {f"PASSALONG_SIGN_{name}": "something"})
