"""Small torrents for tests, made from bytes by our own builders, with no files on disk."""

from collections.abc import Mapping
from hashlib import sha1, sha256

from installer.formats import metainfo
from installer.formats.bencoding import Value, decode, encode
from installer.formats.metainfo import BLOCK_LENGTH, File, FileHashes

PIECE_LENGTH = 16 * 1024


def content_of(file: File) -> bytes:
    seed = "/".join(file.path).encode()
    return (sha256(seed).digest() * (file.length // 32 + 1))[: file.length]


def files(lengths: Mapping[str, int]) -> tuple[File, ...]:
    return metainfo.canonical_order(
        [File(tuple(path.split("/")), length) for path, length in lengths.items()]
    )


def info_v1(
    name: str,
    content: tuple[File, ...],
    *,
    is_folder: bool = True,
    piece_length: int = PIECE_LENGTH,
    private: bool = False,
) -> bytes:
    stream = b"".join(map(content_of, content))
    pieces = _pieces(stream, piece_length)
    return metainfo.info_v1(name, content, is_folder, piece_length, pieces, private)


def info_hybrid(
    name: str,
    content: tuple[File, ...],
    *,
    is_folder: bool = True,
    piece_length: int = PIECE_LENGTH,
    private: bool = False,
) -> tuple[bytes, dict[bytes, bytes]]:
    padding = metainfo.paddings(content, piece_length)
    stream = b"".join(
        content_of(file) + bytes(zeros) for file, zeros in zip(content, padding, strict=True)
    )
    hashes = [_hashes(file, piece_length) for file in content]
    pieces = _pieces(stream, piece_length)
    info = metainfo.info_hybrid(name, content, is_folder, piece_length, pieces, hashes, private)
    return info, metainfo.piece_layers(hashes)


def changed(torrent: bytes, **fields: Value) -> bytes:
    """The same torrent with other fields in its info dictionary."""
    values = decode(torrent)
    assert isinstance(values, dict)
    info = values[b"info"]
    assert isinstance(info, dict)
    info |= {key.replace("_", " ").encode(): value for key, value in fields.items()}
    return encode(values)


def info_of(torrent: bytes) -> bytes:
    """The info dictionary of a torrent, be it good or bad."""
    values = decode(torrent)
    assert isinstance(values, dict)
    return encode(values[b"info"])


def _pieces(stream: bytes, piece_length: int) -> bytes:
    starts = range(0, len(stream), piece_length)
    return b"".join(sha1(stream[at : at + piece_length]).digest() for at in starts)


def _hashes(file: File, piece_length: int) -> FileHashes:
    content = content_of(file)
    roots = []
    for start in range(0, len(content), piece_length):
        piece = content[start : start + piece_length]
        blocks = [
            sha256(piece[at : at + BLOCK_LENGTH]).digest()
            for at in range(0, len(piece), BLOCK_LENGTH)
        ]
        roots.append(metainfo.piece_root(blocks, piece_length, file.length))
    return metainfo.file_hashes(file, piece_length, roots)
