"""What a torrent says, once it has been checked."""

from dataclasses import dataclass

MIME_TYPE = "application/x-bittorrent"

SMALLEST_PIECE = 16 * 1024
LARGEST_PIECE = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class File:
    """One file; its path stands below the torrent's own folder, and holds no folder of ours."""

    path: tuple[str, ...]
    length: int


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a torrent may be before it is refused."""

    torrent_bytes: int = 5_000_000
    files: int = 20_000
    path_bytes: int = 1_000
    path_depth: int = 100  # libtorrent loads no deeper ones.
    total_size: int = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Metainfo:
    """A checked torrent. `info` is kept byte for byte, because the info-hash is taken over it."""

    info: bytes
    info_hash: bytes
    info_hash_v2: bytes | None
    name: str
    files: tuple[File, ...]
    is_folder: bool
    piece_length: int
    total_size: int
    private: bool
    announce: tuple[tuple[str, ...], ...]
    web_seeds: tuple[str, ...]
    comment: str
    piece_layers: dict[bytes, bytes]
