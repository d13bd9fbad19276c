"""A site's key and its signatures (Ed25519, RFC 8032): who made a payload, and that it is whole.

Keeping the key is left to the site, remembering which key belongs to which site to the client.
"""

import secrets
from dataclasses import dataclass, field
from hashlib import sha256

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

SEED_BYTES = 32
PUBLIC_KEY_BYTES = 32
SIGNATURE_BYTES = 64
_FINGERPRINT_BYTES = 16


@dataclass(frozen=True, slots=True)
class SiteKey:
    """What only the site has: its seed is the whole secret."""

    seed: bytes = field(repr=False)

    @classmethod
    def make(cls) -> "SiteKey":
        return cls(secrets.token_bytes(SEED_BYTES))

    @property
    def public(self) -> bytes:
        return bytes(SigningKey(self.seed).verify_key)

    def sign(self, message: bytes) -> bytes:
        """The same message always has the same signature."""
        return SigningKey(self.seed).sign(message).signature


def is_signed(message: bytes, signature: bytes, public_key: bytes) -> bool:
    try:
        VerifyKey(public_key).verify(message, signature)
    except (CryptoError, ValueError):
        return False
    return True


def fingerprint(public_key: bytes) -> str:
    """A public key for people who compare it: eight groups of four."""
    digest = sha256(public_key).hexdigest()[: 2 * _FINGERPRINT_BYTES]
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))
