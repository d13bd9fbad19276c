"""Signing Windows programs with osslsigncode, when the environment says with what.

`PASSALONG_SIGN_PKCS12` is a file with key and certificates. Or `PASSALONG_SIGN_PKCS11_MODULE` is a
token's library, `PASSALONG_SIGN_KEY` its key's URI and `PASSALONG_SIGN_CERTIFICATE` a file.
`PASSALONG_SIGN_PASSWORD_FILE` opens either; `PASSALONG_SIGN_TIMESTAMP` is a time stamp server.
"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from installer.errors import PassalongError
from installer.freeze import tools
from installer.freeze.tools import ToolError

_PREFIX = "PASSALONG_SIGN_"
_FILE = {"PKCS12": "-pkcs12"}
_TOKEN = {"PKCS11_MODULE": "-pkcs11module", "KEY": "-key", "CERTIFICATE": "-certs"}
_OTHERS = {"PASSWORD_FILE": "-readpass", "TIMESTAMP": "-ts"}


def sign(program: Path, log: TextIO, environment: Mapping[str, str] = os.environ) -> None:
    """Sign the program; does nothing when nothing was said about signing."""
    options = _options(environment)
    if not options:
        return
    if shutil.which("osslsigncode") is None:
        raise ToolError(
            "Signing needs osslsigncode. On Debian and Ubuntu this gets it: "
            "sudo apt-get install osslsigncode"
        )
    signed = program.with_name(f"{program.name}.signed")
    command = ["osslsigncode", "sign", "-h", "sha256", "-n", "Passalong", *options]
    if tools.run([*command, "-in", program, "-out", signed], program.parent, log):
        raise ToolError(f"osslsigncode could not sign {program.name}.")
    signed.replace(program)


def _options(environment: Mapping[str, str]) -> list[str]:
    said = {
        name.removeprefix(_PREFIX): value
        for name, value in environment.items()
        if name.startswith(_PREFIX) and value
    }
    known = _FILE | _TOKEN | _OTHERS
    if unknown := sorted(said.keys() - known.keys()):
        raise PassalongError(f"There is no setting {_PREFIX}{unknown[0]}.")
    if said and said.keys() - _OTHERS.keys() not in (_FILE.keys(), _TOKEN.keys()):
        raise PassalongError(
            f"Signing needs {_PREFIX}PKCS12, or all of "
            f"{', '.join(_PREFIX + name for name in _TOKEN)}."
        )
    return [word for name, value in sorted(said.items()) for word in (known[name], value)]
