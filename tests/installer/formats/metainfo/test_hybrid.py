"""A hybrid torrent describes its files twice; if the descriptions differ it is refused."""

from hashlib import sha256

import pytest

from installer.errors import BencodeError, MetainfoError
from installer.formats import metainfo
from installer.formats.bencoding import Value, decode, encode
from tests.installer import torrents
from tests.installer.torrents import changed, info_of

FILES = torrents.files({"a": 40_000, "b/c": 5, "b/empty": 0, "z": 16_384})
INFO, LAYERS = torrents.info_hybrid("Night", FILES)
TORRENT = metainfo.write(INFO, piece_layers=LAYERS)


def tree(**changes: Value) -> dict[bytes, Value]:
    info = decode(INFO)
    assert isinstance(info, dict)
    whole = info[b"file tree"]
    assert isinstance(whole, dict)
    return whole | {key.encode(): value for key, value in changes.items()}


def test_reads_both_hashes_and_the_layers() -> None:
    read = metainfo.read(TORRENT)
    assert read.files == FILES
    assert read.info_hash_v2 == sha256(INFO).digest()
    assert read.piece_layers == LAYERS


def test_needs_no_layers_of_an_info_dictionary_from_peers() -> None:
    read = metainfo.read_info(INFO)
    assert (read.files, read.info_hash_v2, read.piece_layers) == (FILES, sha256(INFO).digest(), {})


def test_refuses_version_2_alone_for_now() -> None:
    values = decode(TORRENT)
    assert isinstance(values, dict)
    assert isinstance(values[b"info"], dict)
    del values[b"info"][b"pieces"], values[b"info"][b"files"]
    with pytest.raises(MetainfoError, match=r"version 2 only .* not yet"):
        metainfo.read(encode(values))


LEAF = {b"": {b"length": 5, b"pieces root": bytes(32)}}


@pytest.mark.parametrize(
    ("file_tree", "reason"),
    [
        (tree(a=LEAF), "“a” is not the same"),
        (tree(more=LEAF), "is not the same"),
        (tree(b=LEAF), "“b” is not the same"),
        (tree(b={}), "“b” is an empty folder"),
        ({}, "is an empty folder"),
        (tree(a=5), "“a” is neither a file nor a folder"),
        (tree(a={b"": 5}), "“a/” is neither"),
        (tree(a=LEAF | {b"x": LEAF}), "“a” is a file and also a folder"),
        (LEAF, "is a file and also a folder"),
        (tree(z={b"": {b"length": 16_384}}), "pieces root"),
        (tree(z={b"": {b"length": 16_384, b"pieces root": b"short"}}), "pieces root"),
        (tree(z={b"": {b"length": 16_384, b"pieces root": bytes(32), b"attr": b"l"}}), "attr"),
        (tree(z={b"": {b"pieces root": bytes(32)}}), "length"),
    ],
    ids=str,
)
def test_refuses_another_file_tree(file_tree: Value, reason: str) -> None:
    with pytest.raises(MetainfoError, match=reason):
        metainfo.read(changed(TORRENT, file_tree=file_tree))
    with pytest.raises(MetainfoError, match=reason):
        metainfo.read_info(info_of(changed(TORRENT, file_tree=file_tree)))


def test_refuses_layers_that_are_missing_wrong_or_too_many() -> None:
    (root,) = LAYERS
    for layers, reason in [
        ({}, "one hash for each piece"),
        ({root: LAYERS[root][:-32]}, "one hash for each piece"),
        ({root: bytes(96)}, "do not lead to its root"),
        (LAYERS | {bytes(32): b""}, "no file of this torrent"),
    ]:
        with pytest.raises(MetainfoError, match=reason):
            metainfo.read(metainfo.write(INFO, piece_layers=layers))


def test_refuses_files_that_do_not_begin_with_a_piece() -> None:
    files: list[Value] = [
        {b"length": file.length, b"path": [part.encode() for part in file.path]} for file in FILES
    ]
    pieces = bytes(20 * -(-sum(file.length for file in FILES) // 16_384))
    with pytest.raises(MetainfoError, match="does not begin with a new piece"):
        metainfo.read(changed(TORRENT, files=files, pieces=pieces))


def test_a_tree_that_is_too_deep_is_neither_written_nor_read() -> None:
    deep = torrents.files({"/".join(["d"] * 13): 5})
    with pytest.raises(MetainfoError, match="too deep"):
        torrents.info_hybrid("Night", deep)
    info, layers = torrents.info_hybrid("Night", torrents.files({"/".join(["d"] * 12): 5}))
    assert metainfo.read(metainfo.write(info, piece_layers=layers)).files[0].length == 5
    with pytest.raises(BencodeError, match="nested"):
        metainfo.read(metainfo.write(b"d9:file tree" + b"d1:d" * 20 + b"e" * 21))
