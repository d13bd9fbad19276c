"""Programs are signed when the environment says so, with what it says, or not at all."""

import io
import subprocess
from pathlib import Path

import pytest

from installer.bundle import template
from installer.errors import PassalongError
from installer.freeze.signing import sign
from tests.installer import windows
from tests.installer.signing import SIGNER, Authority, make_authority
from tests.installer.verifiers import refusals

PASSWORD = "a long way"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return make_authority(tmp_path)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "Passalong-0.1.0-windows.exe"
    path.write_bytes(windows.unsigned_program())
    return path


@pytest.fixture
def password(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text(PASSWORD)
    return path


def run(*command: str | Path) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def signer_of(program: Path, environment: dict[str, str]) -> str:
    with program.with_name("log").open("w") as log:
        sign(program, log, environment)
    return str(template.inspect(program).carrier)


def test_signs_with_a_file_of_key_and_certificate(
    authority: Authority, program: Path, password: Path
) -> None:
    both = program.with_name("code.p12")
    certificate, key = authority.certificate("code"), authority.key("code")
    export = ("openssl", "pkcs12", "-export", "-passout", f"pass:{PASSWORD}")
    run(*export, "-in", certificate, "-inkey", key, "-out", both)
    with authority.stamping() as time_server:
        environment = {
            "PASSALONG_SIGN_PKCS12": str(both),
            "PASSALONG_SIGN_PASSWORD_FILE": str(password),
            "PASSALONG_SIGN_TIMESTAMP": time_server,
        }
        assert SIGNER in signer_of(program, environment)
    assert (authority.folder / "time.reply").read_bytes()[-256:] in program.read_bytes()
    assert not refusals(program.read_bytes(), authority, authority.folder)


def test_signs_with_a_key_that_never_leaves_its_token(
    authority: Authority, program: Path, password: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = authority.folder / "tokens"
    tokens.mkdir()
    (authority.folder / "softhsm.conf").write_text(f"directories.tokendir = {tokens}\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(authority.folder / "softhsm.conf"))
    key = authority.folder / "code.p8"
    convert = ("openssl", "pkcs8", "-topk8", "-nocrypt")
    run(*convert, "-in", authority.key("code"), "-out", key)
    pins = ("--pin", PASSWORD, "--so-pin", PASSWORD)
    run("softhsm2-util", "--init-token", "--free", "--label", "alice", *pins)
    named = ("--token", "alice", "--label", "code", "--id", "01")
    run("softhsm2-util", "--import", key, *named, "--pin", PASSWORD)
    environment = {
        "PASSALONG_SIGN_PKCS11_MODULE": "/usr/lib/softhsm/libsofthsm2.so",
        "PASSALONG_SIGN_KEY": "pkcs11:token=alice;object=code",
        "PASSALONG_SIGN_CERTIFICATE": str(authority.certificate("code")),
        "PASSALONG_SIGN_PASSWORD_FILE": str(password),
    }
    assert SIGNER in signer_of(program, environment)
    assert not refusals(program.read_bytes(), authority, authority.folder)


def test_leaves_a_program_alone_when_nothing_is_said(tmp_path: Path) -> None:
    program = tmp_path / "program.exe"
    program.write_bytes(b"as it was")
    sign(program, io.StringIO(), {"PASSALONG_SIGN_PKCS12": ""})
    assert program.read_bytes() == b"as it was"


@pytest.mark.parametrize("name", ["KEY", "PASSWORD_FILE", "PKCS11_MODULE", "PASWORD_FILE"])
def test_refuses_half_of_what_signing_needs(name: str, tmp_path: Path) -> None:
    with pytest.raises(PassalongError, match="PASSALONG_SIGN_"):
        sign(tmp_path, io.StringIO(), {f"PASSALONG_SIGN_{name}": "something"})
