"""Who signed a program, as its certificate says; whether that is true is left to Windows."""

from collections.abc import Iterator

from installer.bundle import der
from installer.bundle.der import Element

_COMMON_NAME = bytes.fromhex("0603550403")
_ENCODINGS = {0x0C: "utf-8", 0x13: "ascii", 0x14: "latin-1", 0x16: "ascii", 0x1E: "utf-16-be"}
_NOBODY = "(unknown)"


def signer_name(certificates: Element, signer_infos: Element) -> str:
    """The common name in the certificate to which the first signature points."""
    signers = signer_infos.children()
    issuer, serial = (part.whole for part in signers[0].children()[1].children()[:2])
    for found in certificates.children():
        fields = found.children()[0].children()
        # Certificates of version 1 have no field that says so.
        at = 1 if fields[0].tag == der.EXPLICIT else 0
        if (fields[at + 2].whole, fields[at].whole) == (issuer, serial):
            return _common_name(fields[at + 4])
    return _NOBODY


def _common_name(name: Element) -> str:
    for pair in _pairs(name):
        oid, value = pair.children()
        if oid.whole == _COMMON_NAME:
            return value.content.decode(_ENCODINGS.get(value.tag, "latin-1"), "replace")
    return _NOBODY


def _pairs(name: Element) -> Iterator[Element]:
    for part in name.children():
        yield from part.children()
