"""Info dictionaries for those who have hashed files, laid out as libtorrent lays them out.

Given the same files, two makers then get the same info-hash, and people who publish the same
thing meet in one swarm.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from installer.errors import BencodeError, MetainfoError, Text
from installer.formats import names
from installer.formats.bencoding import MAX_DEPTH, MAX_TOKENS, Value, decode, encode
from installer.formats.merkle import HASH_LENGTH, layer_root
from installer.formats.metainfo import paths
from installer.formats.metainfo.values import SMALLEST_PIECE, File, Limits

# The largest total size for pieces of 16 KiB, 32 KiB and so on: libtorrent's own table. Larger
# torrents have pieces of 16 MiB.
_LARGEST_SIZES = (
    2_684_355,
    10_737_418,
    42_949_673,
    171_798_692,
    687_194_767,
    2_748_779_069,
    10_995_116_278,
    43_980_465_111,
    175_921_860_444,
    703_687_441_777,
)

_DEFAULTS = Limits()

# The torrent, its info dictionary, its file tree and the entry of a file are levels too.
_LEVELS_AROUND_A_PATH = 4

# Trackers, web seeds, comment, and a root and its hashes for each file of several pieces.
_TOKENS_BESIDE_INFO = 1_000


@dataclass(frozen=True, slots=True)
class FileHashes:
    """One file in version 2: the root of its tree, and its pieces if it has more than one."""

    root: bytes
    layer: bytes


def piece_length_for(total_size: int) -> int:
    """Few enough pieces for a small torrent file, small enough ones to be passed along soon."""
    return SMALLEST_PIECE << bisect_left(_LARGEST_SIZES, total_size)


def canonical_order(files: Sequence[File]) -> tuple[File, ...]:
    """The order in which files are hashed: by path, element by element, as bytes.

    libtorrent sorts whole paths instead, puts "dir.txt" before "dir/file", and then refuses to
    load the hybrid torrent that it has made: BEP 52 asks for the order of the file tree.
    """
    return tuple(sorted(files, key=_sort_key))


def check_files(
    name: str, files: Sequence[File], limits: Limits = _DEFAULTS, *, is_hybrid: bool = False
) -> None:
    """Refuse what no site would accept, before hours are spent on hashing it."""
    names.check_name(name.encode(errors="surrogateescape"))
    for element in {element for file in files for element in file.path}:
        names.check_name(element.encode(errors="surrogateescape"))
    paths.check_all(files, limits)
    if is_hybrid:
        for file in files:
            _check_depth_of_tree(file)
    if not sum(file.length for file in files):
        raise MetainfoError(
            Text("There is nothing to publish: all files are empty."), field="length"
        )
    if len(files) > limits.files:
        text = Text(
            "There are {count:,} files; at most {limit:,} can be published.",
            count=len(files),
            limit=limits.files,
        )
        raise MetainfoError(text, field="files")
    if sum(file.length for file in files) > limits.total_size:
        text = Text("The files are larger than {limit:,} bytes together.", limit=limits.total_size)
        raise MetainfoError(text, field="length")


def check_torrent_size(
    name: str,
    files: Sequence[File],
    piece_length: int,
    limits: Limits = _DEFAULTS,
    *,
    is_folder: bool,
    is_hybrid: bool = False,
) -> None:
    """Refuse files whose torrent would be too large to be read, before they are hashed.

    The few bytes that stand beside info dictionary and piece layers are not counted.
    """
    padding = paddings(files, piece_length) if is_hybrid else (0,)
    pieces = -(-(sum(file.length for file in files) + sum(padding)) // piece_length)
    info, size = _without_hashes(name, files, is_folder, piece_length, is_hybrid), 20 * pieces
    if is_hybrid:
        layers = [-(-f.length // piece_length) for f in files if f.length > piece_length]
        size += HASH_LENGTH * (sum(layers) + len(layers))
    if (size := size + len(info)) > limits.torrent_bytes:
        text = Text(
            "The torrent file would have {size:,} bytes; at most {limit:,} are accepted."
            " Longer pieces or fewer files make it smaller.",
            size=size,
            limit=limits.torrent_bytes,
        )
        raise MetainfoError(text, field="pieces")
    try:
        decode(info, max_tokens=MAX_TOKENS - _TOKENS_BESIDE_INFO)
    except BencodeError as error:
        text = Text("There are too many files and folders for one torrent; please publish fewer.")
        raise MetainfoError(text, field="files") from error


def paddings(files: Sequence[File], piece_length: int) -> tuple[int, ...]:
    """How many zero bytes follow each file in the pieces of version 1, in a hybrid torrent."""
    if len(files) == 1:
        return (0,)
    return tuple(-file.length % piece_length for file in files)


def file_hashes(file: File, piece_length: int, pieces: Sequence[bytes]) -> FileHashes:
    """What version 2 says of a file, from the root of each of its pieces (merkle.piece_root)."""
    if not file.length:
        return FileHashes(b"", b"")
    if file.length <= piece_length:
        return FileHashes(pieces[0], b"")
    return FileHashes(layer_root(pieces, piece_length), b"".join(pieces))


def piece_layers(hashes: Sequence[FileHashes]) -> dict[bytes, bytes]:
    """The field "piece layers", which stands beside the info dictionary."""
    return {each.root: each.layer for each in hashes if each.layer}


def info_v1(
    name: str,
    files: Sequence[File],
    is_folder: bool,
    piece_length: int,
    pieces: bytes,
    private: bool = False,
) -> bytes:
    """The info dictionary of version 1; files stand in canonical order."""
    _check_order(files)
    no_padding = [0] * len(files)
    return encode(
        _common(name, piece_length, pieces, private) | _files(files, is_folder, no_padding)
    )


def info_hybrid(
    name: str,
    files: Sequence[File],
    is_folder: bool,
    piece_length: int,
    pieces: bytes,
    hashes: Sequence[FileHashes],
    private: bool = False,
) -> bytes:
    """The info dictionary of both versions; the pieces of a folder count its padding too."""
    _check_order(files)
    return encode(
        _common(name, piece_length, pieces, private)
        | _files(files, is_folder, paddings(files, piece_length))
        | {b"meta version": 2, b"file tree": _file_tree(files, hashes)}
    )


def _without_hashes(
    name: str, files: Sequence[File], is_folder: bool, piece_length: int, is_hybrid: bool
) -> bytes:
    """An info dictionary of nearly the right size, for files in any order."""
    files = canonical_order(files)
    if not is_hybrid:
        return info_v1(name, files, is_folder, piece_length, b"")
    hashes = [FileHashes(bytes(HASH_LENGTH) if file.length else b"", b"") for file in files]
    return info_hybrid(name, files, is_folder, piece_length, b"", hashes)


def _check_order(files: Sequence[File]) -> None:
    if tuple(files) != canonical_order(files):
        raise ValueError("files have to stand in canonical order, since pieces depend on it")


def _sort_key(file: File) -> tuple[bytes, ...]:
    return tuple(element.encode() for element in file.path)


def _common(name: str, piece_length: int, pieces: bytes, private: bool) -> dict[bytes, Value]:
    info: dict[bytes, Value] = {
        b"name": name.encode(),
        b"piece length": piece_length,
        b"pieces": pieces,
    }
    return info | {b"private": 1} if private else info


def _files(files: Sequence[File], is_folder: bool, padding: Sequence[int]) -> dict[bytes, Value]:
    if not is_folder:
        return {b"length": files[0].length}
    entries: list[Value] = []
    for file, zeros in zip(files, padding, strict=True):
        entries.append({b"length": file.length, b"path": list(_sort_key(file))})
        if zeros:
            path: list[Value] = [b".pad", str(zeros).encode()]
            entries.append({b"attr": b"p", b"length": zeros, b"path": path})
    return {b"files": entries}


def _file_tree(files: Sequence[File], hashes: Sequence[FileHashes]) -> dict[bytes, Value]:
    tree: dict[bytes, Value] = {}
    for file, its in zip(files, hashes, strict=True):
        _check_depth_of_tree(file)
        folder = tree
        for element in _sort_key(file):
            below = folder.setdefault(element, {})
            assert isinstance(below, dict)
            folder = below
        entry: dict[bytes, Value] = {b"length": file.length}
        assert len(its.root) == (HASH_LENGTH if file.length else 0)
        folder[b""] = entry | {b"pieces root": its.root} if its.root else entry
    return tree


def _check_depth_of_tree(file: File) -> None:
    if len(file.path) > MAX_DEPTH - _LEVELS_AROUND_A_PATH:
        path = names.shown("/".join(file.path))
        text = Text("“{path}” is too deep in its folders for the newer torrent format.", path=path)
        raise MetainfoError(text, field=path)
