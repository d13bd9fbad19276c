"""Torrent files (BEP 3), and those that are version 2 as well (BEP 52): read, make, write.

Hashing the files of a publisher, and fetching what a torrent describes, is left to the client.
"""

from installer.formats.merkle import BLOCK_LENGTH, piece_root
from installer.formats.metainfo.building import (
    FileHashes,
    canonical_order,
    check_files,
    check_torrent_size,
    file_hashes,
    info_hybrid,
    info_v1,
    paddings,
    piece_layers,
    piece_length_for,
)
from installer.formats.metainfo.reading import read, read_info
from installer.formats.metainfo.values import MIME_TYPE, File, Limits, Metainfo
from installer.formats.metainfo.writing import write

__all__ = [
    "BLOCK_LENGTH",
    "MIME_TYPE",
    "File",
    "FileHashes",
    "Limits",
    "Metainfo",
    "canonical_order",
    "check_files",
    "check_torrent_size",
    "file_hashes",
    "info_hybrid",
    "info_v1",
    "paddings",
    "piece_layers",
    "piece_length_for",
    "piece_root",
    "read",
    "read_info",
    "write",
]
