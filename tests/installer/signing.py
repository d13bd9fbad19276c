"""Certificates, and Windows programs signed with them, made by openssl and osslsigncode."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.answering import Asked, Reply, answering

KINDS = ("plain", "timestamped", "doubly signed")
SIGNER = "Alice Example"

_EXTENSIONS = """extendedKeyUsage = critical, {use}
keyUsage = critical, digitalSignature
basicConstraints = CA:FALSE
"""

_STAMPING = """[stamping]
serial = {folder}/time.serial
signer_cert = {folder}/time.pem
signer_key = {folder}/time.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256, sha384, sha512
"""


@dataclass(frozen=True, slots=True)
class Authority:
    """A folder with a root, a signer of code and a stamper of times."""

    folder: Path

    def certificate(self, name: str) -> Path:
        return self.folder / f"{name}.pem"

    def key(self, name: str) -> Path:
        return self.folder / f"{name}.key"

    def sign(self, program: Path, signed: Path, kind: str) -> None:
        signed.unlink(missing_ok=True)  # osslsigncode does not overwrite.
        if kind == "plain":
            self._sign(program, signed)
        elif kind == "timestamped":
            self._sign_with_time(program, signed)
        else:
            first = signed.with_name(f"{signed.name}.first")
            self._sign_with_time(program, first)
            self._sign(first, signed, "-nest")
            first.unlink()

    @contextmanager
    def stamping(self) -> Iterator[str]:
        """The address of a server that stamps times (RFC 3161)."""
        (self.folder / "time.cnf").write_text(_STAMPING.format(folder=self.folder))
        with answering(self._stamp) as address:
            yield address

    def _stamp(self, asked: Asked) -> Reply:
        """What `openssl ts` says."""
        query, reply = self.folder / "time.query", self.folder / "time.reply"
        query.write_bytes(asked.body)
        options = ["-config", str(self.folder / "time.cnf"), "-section", "stamping"]
        _run("openssl", "ts", "-reply", *options, "-queryfile", str(query), "-out", str(reply))
        return Reply(reply.read_bytes(), headers={"Content-Type": "application/timestamp-reply"})

    def _sign_with_time(self, program: Path, signed: Path) -> None:
        with self.stamping() as address:
            self._sign(program, signed, "-ts", address)

    def _sign(self, program: Path, signed: Path, *options: str) -> None:
        command = ["osslsigncode", "sign", "-h", "sha256", *options]
        command += ["-certs", str(self.certificate("code")), "-key", str(self.key("code"))]
        _run(*command, "-in", str(program), "-out", str(signed))


def make_authority(folder: Path) -> Authority:
    authority = Authority(folder)
    root, key = str(authority.certificate("root")), str(authority.key("root"))
    _run(
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30"),
        *("-subj", "/CN=Test root", "-addext", "keyUsage=critical,keyCertSign"),
        *("-keyout", key, "-out", root),
    )
    for name, use in (("code", "codeSigning"), ("time", "timeStamping")):
        request, extensions = str(folder / f"{name}.csr"), folder / f"{name}.ext"
        extensions.write_text(_EXTENSIONS.format(use=use))
        _run(
            *("openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes"),
            *("-subj", f"/CN={SIGNER}", "-keyout", str(authority.key(name)), "-out", request),
        )
        _run(
            *("openssl", "x509", "-req", "-days", "30", "-in", request, "-CA", root),
            *("-CAkey", key, "-CAcreateserial", "-extfile", str(extensions)),
            *("-out", str(authority.certificate(name))),
        )
    return authority


def _run(*command: str) -> None:
    finished = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert finished.returncode == 0, f"{command}: {finished.stdout}{finished.stderr}"
