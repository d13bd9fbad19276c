"""The hash trees of BEP 52: blocks of 16 KiB below, one root for each file on top."""

from collections.abc import Sequence
from hashlib import sha256

BLOCK_LENGTH = 16 * 1024
HASH_LENGTH = 32


def piece_root(blocks: Sequence[bytes], piece_length: int, file_length: int) -> bytes:
    """The hash of one piece of a file, from the SHA-256 of each of its blocks.

    A file that fits into one piece has only as large a tree as it needs.
    """
    if file_length > piece_length:
        return root(blocks, piece_length // BLOCK_LENGTH)
    return root(blocks, _power_of_two(len(blocks)))


def layer_root(pieces: Sequence[bytes], piece_length: int) -> bytes:
    """The root of a file of several pieces, from the hash of each of them."""
    nothing = root([bytes(HASH_LENGTH)], piece_length // BLOCK_LENGTH)
    return root(pieces, _power_of_two(len(pieces)), nothing)


def root(hashes: Sequence[bytes], width: int, filler: bytes = bytes(HASH_LENGTH)) -> bytes:
    """The root over `width` hashes, a power of two; `filler` stands for those not given."""
    level = list(hashes)
    while width > 1:
        if len(level) % 2:
            level.append(filler)
        pairs = zip(level[::2], level[1::2], strict=True)
        level = [sha256(left + right).digest() for left, right in pairs]
        filler = sha256(filler + filler).digest()
        width //= 2
    return level[0]


def _power_of_two(count: int) -> int:
    """The smallest power of two that is not below the count."""
    return 1 << (count - 1).bit_length()
