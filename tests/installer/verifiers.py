"""Three checkers of Authenticode that nobody here wrote: osslsigncode, signify and LIEF."""

import re
import subprocess
from array import array
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest import mock

import lief

from tests.installer.signing import Authority


def _search(pattern: Any, text: Any, flags: Any = 0, *, search: Any = re.search) -> Any:
    if isinstance(pattern, str):
        pattern = pattern.replace(r"\d\.\d\.\d[a-z]*", r"\d\.\d\.\d+[a-z]*")
    return search(pattern, text, flags)


# oscrypto 1.3.0, which signify needs, cannot read a version of OpenSSL such as 3.0.19.
with mock.patch.object(re, "search", _search):
    from signify.authenticode import AuthenticodeFile
    from signify.exceptions import SignifyError
    from signify.x509 import Certificate, CertificateStore


def refusals(data: bytes, authority: Authority, folder: Path) -> list[str]:
    """What each checker has against the program; nothing when all of them accept it."""
    checks = {
        "osslsigncode": osslsigncode(data, authority, folder),
        "signify": signify(data, authority),
        "LIEF": lief_(data),
    }
    return [f"{name}: {reason}" for name, reason in checks.items() if reason]


def osslsigncode(data: bytes, authority: Authority, folder: Path) -> str:
    program = folder / "checked.exe"
    program.write_bytes(data)
    root = str(authority.certificate("root"))
    command = ["osslsigncode", "verify", "-CAfile", root, "-TSA-CAfile", root]
    finished = subprocess.run(
        [*command, "-in", str(program)], capture_output=True, text=True, errors="replace"
    )
    return "" if finished.returncode == 0 else finished.stdout + finished.stderr


def signify(data: bytes, authority: Authority) -> str:
    root = Certificate.from_pem(authority.certificate("root").read_bytes())
    store = CertificateStore([root], trusted=True)
    try:
        file = AuthenticodeFile.from_stream(BytesIO(data))
        if file is None:
            return "not a program"
        file.verify(
            multi_verify_mode="all",
            ignore_parse_errors=False,
            trusted_certificate_store=store,
        )
    except (SignifyError, ValueError, TypeError, KeyError, OSError) as error:
        return repr(error)
    return ""


def lief_(data: bytes) -> str:
    """LIEF follows no chain of certificates; it compares hashes and checks the signatures."""
    program = lief.PE.parse(BytesIO(data))
    if program is None:
        return "not a program"
    # Certificates made within this very second are not valid yet for LIEF.
    found = program.verify_signature(lief.PE.Signature.VERIFICATION_CHECKS.SKIP_CERT_TIME)
    return "" if found == lief.PE.Signature.VERIFICATION_FLAGS.OK else str(found)


def has_right_checksum(data: bytes) -> bool:
    """The checksum of the whole file as Windows counts it, word after word."""
    program = bytearray(data)
    at = int.from_bytes(data[60:64], "little") + 24 + 64
    stated = int.from_bytes(data[at : at + 4], "little")
    program[at : at + 4] = bytes(4)
    total = 0
    for word in array("H", bytes(program) + bytes(len(program) % 2)):
        total += word
        total = (total & 0xFFFF) + (total >> 16)
    return stated == total + len(program)
