"""The blocks of a piece, which version 2 hashes one by one (BEP 52)."""

import hashlib

from installer.formats.metainfo.merkle import BLOCK_LENGTH, piece_root

__all__ = ["hashes_of_blocks", "piece_root"]


def hashes_of_blocks(chunk: memoryview) -> list[bytes]:
    """SHA-256 of each block of a chunk, which begins where a block does."""
    return [
        hashlib.sha256(chunk[start : start + BLOCK_LENGTH]).digest()
        for start in range(0, len(chunk), BLOCK_LENGTH)
    ]
