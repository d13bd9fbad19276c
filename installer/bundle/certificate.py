"""The superfluous certificate in which a signed program carries a payload.

Nobody signed it, nobody trusts it, no chain leads to it: checkers of signatures pass over it, as
they do with Chromium's. All its bytes but the payload and the lengths are constant.
"""

from installer.bundle import der
from installer.bundle.der import Element, encode

# Seven numbers of a random UUID below the arc that Microsoft keeps for such. OIDs made of a whole
# UUID (2.25...) hold a number that Windows cannot read.
PAYLOAD_OID = "1.2.840.113556.1.8000.2554.19371.55196.3438.20428.36503.10701220.1788567"
_PAYLOAD = bytes.fromhex("2a864886f71401be40937a81972b83af1c9a6e819f4c829d17858d9324ed9517")
_COMMON_NAME = bytes.fromhex("550403")
_PUBLIC_KEY = bytes.fromhex("2a8648ce3d0201")
_P256 = bytes.fromhex("2a8648ce3d030107")
_ECDSA_SHA256 = bytes.fromhex("2a8648ce3d040302")
# The point of the curve P-256 with x = 0: nobody knows its private key.
_POINT = bytes(32) + bytes.fromhex(
    "66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4"
)


def _name(text: str) -> bytes:
    pair = encode(der.SEQUENCE, encode(der.OID, _COMMON_NAME), encode(der.UTF8, text.encode()))
    return encode(der.SEQUENCE, encode(der.SET, pair))


_ALGORITHM = encode(der.SEQUENCE, encode(der.OID, _ECDSA_SHA256))
_BEFORE_EXTENSIONS = b"".join(
    [
        encode(der.EXPLICIT, encode(der.INTEGER, b"\x02")),  # version 3
        encode(der.INTEGER, b"\x01"),
        _ALGORITHM,
        _name("Passalong: no issuer"),
        # Over before any Passalong: it is not meant to be valid.
        encode(
            der.SEQUENCE,
            encode(der.UTC_TIME, b"130101100000Z"),
            encode(der.UTC_TIME, b"130401100000Z"),
        ),
        _name("Passalong: payload"),
        encode(
            der.SEQUENCE,
            encode(der.SEQUENCE, encode(der.OID, _PUBLIC_KEY), encode(der.OID, _P256)),
            encode(der.BITS, b"\x00\x04", _POINT),
        ),
    ]
)
_SIGNATURE = encode(der.BITS, b"\x00\x00")


def wrap(record: bytes) -> bytes:
    extension = encode(der.SEQUENCE, encode(der.OID, _PAYLOAD), encode(der.OCTETS, record))
    extensions = encode(der.EXPLICIT + 3, encode(der.SEQUENCE, extension))
    to_be_signed = encode(der.SEQUENCE, _BEFORE_EXTENSIONS, extensions)
    return encode(der.SEQUENCE, to_be_signed, _ALGORITHM, _SIGNATURE)


def unwrap(certificate: Element) -> bytes | None:
    """The payload's record, or None if this is any other certificate."""
    if encode(der.OID, _PAYLOAD) not in certificate.content[:_LONGEST_START]:
        return None
    extensions = certificate.children()[0].children()[-1]
    record = extensions.children()[0].children()[0].children()[1].content
    return record if wrap(record) == certificate.whole else None


# Where the payload's OID ends at the latest: each of five lengths takes at most five bytes.
_LONGEST_START = len(_BEFORE_EXTENSIONS) + 5 * 6 + len(_PAYLOAD)
