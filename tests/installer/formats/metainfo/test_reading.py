"""Whatever is wrong with a torrent is refused by a sentence that names the file or the field."""

from hashlib import sha1

import libtorrent
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.errors import BencodeError, FormatError, MetainfoError, NameRefused
from installer.formats import metainfo
from installer.formats.bencoding import Value, decode, encode
from installer.formats.metainfo import File, Limits
from tests.installer import torrents
from tests.installer.torrents import changed, info_of

FOLDER = torrents.files({"a.txt": 20_000, "b/c.txt": 5, "empty": 0})
INFO = torrents.info_v1("Night", FOLDER)
TORRENT = metainfo.write(INFO)
SINGLE_INFO = torrents.info_v1("night.mkv", (File(("night.mkv",), 40_000),), is_folder=False)
SINGLE = metainfo.write(SINGLE_INFO)


def entry(*path: bytes, length: int = 20_005, **more: Value) -> dict[bytes, Value]:
    fields: dict[bytes, Value] = {b"length": length, b"path": list(path)}
    return fields | {key.replace("_", " ").encode(): value for key, value in more.items()}


def test_reads_a_folder() -> None:
    read = metainfo.read(TORRENT)
    assert (read.name, read.is_folder, read.files) == ("Night", True, FOLDER)
    assert (read.total_size, read.piece_length, read.private) == (20_005, 16_384, False)
    assert (read.info, read.info_hash) == (INFO, sha1(INFO).digest())
    assert (read.info_hash_v2, read.piece_layers) == (None, {})


def test_reads_a_single_file() -> None:
    read = metainfo.read(SINGLE)
    assert (read.is_folder, read.files) == (False, (File(("night.mkv",), 40_000),))


def test_reads_what_stands_beside_the_info_dictionary() -> None:
    tiers = [["https://a.example/announce", "udp://b.example:1/x"], ["http://c.example/"]]
    seeds = ["https://a.example/files/"]
    read = metainfo.read(metainfo.write(INFO, announce=tiers, web_seeds=seeds, comment="für Zoë"))
    assert read.announce == (tuple(tiers[0]), tuple(tiers[1]))
    assert (read.web_seeds, read.comment) == (tuple(seeds), "für Zoë")
    assert read.info_hash == sha1(INFO).digest()


def test_leaves_out_addresses_that_are_none() -> None:
    values = decode(TORRENT)
    assert isinstance(values, dict)
    values[b"announce"] = b"javascript:alert(1)"
    values[b"announce-list"] = [[b"javascript:x", 7, b"http://a.example/"], b"x", [b"file:///x"]]
    values[b"url-list"] = b"ftp://a.example"
    read = metainfo.read(encode(values))
    assert (read.announce, read.web_seeds) == ((("http://a.example/",),), ())


def test_reads_an_info_dictionary_from_peers() -> None:
    assert metainfo.read_info(INFO) == metainfo.read(metainfo.write(INFO))


@given(st.integers(0, len(INFO) - 1))
def test_refuses_an_info_dictionary_that_was_cut_off(length: int) -> None:
    with pytest.raises(FormatError):
        metainfo.read_info(INFO[:length])


@pytest.mark.parametrize(
    "info", [b"", b"le", b"de", b"i5e", INFO + b"e", TORRENT, b"l" * 16 + b"e" * 16], ids=repr
)
def test_refuses_what_is_no_info_dictionary(info: bytes) -> None:
    with pytest.raises(FormatError):
        metainfo.read_info(info)


def test_an_info_dictionary_keeps_to_the_limits_of_a_torrent() -> None:
    with pytest.raises(MetainfoError, match="larger than 100 bytes"):
        metainfo.read_info(INFO, Limits(torrent_bytes=100))
    with pytest.raises(MetainfoError, match="3 files; at most 2"):
        metainfo.read_info(INFO, Limits(files=2))


@given(st.integers(0, len(TORRENT) - 1))
def test_refuses_what_was_cut_off(length: int) -> None:
    with pytest.raises(FormatError):
        metainfo.read(TORRENT[:length])


@given(st.binary(max_size=200))
def test_refuses_noise_without_another_kind_of_error(data: bytes) -> None:
    with pytest.raises(FormatError):
        metainfo.read(data)


@pytest.mark.parametrize("data", [b"", b"x", b"<!DOCTYPE html>", b"le", b"de", b"d4:infolee"])
def test_says_that_something_is_no_torrent(data: bytes) -> None:
    with pytest.raises(MetainfoError, match="This is not a torrent file"):
        metainfo.read(data)


@pytest.mark.parametrize(
    "data", [TORRENT + b"\n", b"d" * 100_000, b"d4:info" + b"l" * 500 + b"e" * 500 + b"e"]
)
def test_refuses_what_is_not_bencoding(data: bytes) -> None:
    with pytest.raises(BencodeError):
        metainfo.read(data)


PADDING: dict[bytes, Value] = {b"attr": b"p", b"length": 5, b"path": [b".pad", b"5"]}
PADDING_PATHS: list[dict[bytes, Value]] = [
    {},
    {b"path": 5},
    {b"path": []},
    {b"path": [b".pad"]},
    {b"path": [b".pad", 5]},
    {b"path": [b".pad", b""]},
    {b"path": [b".pad", b"5\n"]},
    {b"path": [b".pad", b"5" * 21]},
    {b"path": [b".pad", b"\xb2"]},
    {b"path": [b".pad", b"5", b"5"]},
    {b"path": [b".pad", b".."]},
    {b"path": [b".pad", b"\x1b[2J"]},
    {b"path": [b"..", b"..", b"etc", b"cron.d", b"x"]},
    {b"path": [b"a"]},
]

SCHEMA_DAMAGE: list[tuple[str, dict[str, Value]]] = [
    ("piece length", {"piece_length": 0}),
    ("piece length", {"piece_length": -1}),
    ("piece length", {"piece_length": 2**40}),
    ("piece length", {"piece_length": 20_000}),
    ("piece length", {"piece_length": 8_192}),
    ("piece length", {"piece_length": b"16384"}),
    ("pieces", {"pieces": bytes(39)}),
    ("pieces", {"pieces": bytes(20)}),
    ("pieces", {"pieces": bytes(60)}),
    ("pieces", {"pieces": 5}),
    ("files", {"length": 20_005}),
    ("files", {"files": 5}),
    ("length", {"files": []}),
    ("files", {"files": [5]}),
    ("length", {"files": [{b"path": [b"a"]}]}),
    ("length", {"files": [entry(b"a", length=-1)]}),
    ("length", {"files": [entry(b"a", length=2**63 - 1), entry(b"b", length=2**63 - 1)]}),
    ("length", {"files": [entry(b"a", length=0)], "pieces": b""}),
    ("path", {"files": [{b"length": 5}]}),
    ("path", {"files": [entry()]}),
    ("path", {"files": [{b"length": 5, b"path": [7]}]}),
    ("path.utf-8", {"files": [entry(b"a") | {b"path.utf-8": [b"..", b"x"]}]}),
    ("name.utf-8", {"name.utf-8": b"../x"}),
    ("name", {"name": 5}),
    ("private", {"private": 2}),
    ("ssl-cert", {"ssl-cert": b"a certificate"}),
    ("a/b", {"files": [entry(b"a", b"b", attr=b"l")]}),
    ("a", {"files": [entry(b"a", symlink_path=[b"etc"])]}),
    ("length", {"files": [entry(b"a"), entry(b".pad", b"1", attr=b"p", length=16_384)]}),
    *[
        ("path", {"files": [entry(b"a"), {b"attr": b"p", b"length": 5} | path]})
        for path in PADDING_PATHS
    ],
    ("path.utf-8", {"files": [entry(b"a"), PADDING | {b"path.utf-8": [b"..", b"x"]}]}),
    ("padding", {"files": [entry(b"a"), PADDING | {b"attr": b"lp"}]}),
    ("padding", {"files": [entry(b"a"), PADDING | {b"symlink path": [b"etc"]}]}),
    ("d/" * 100, {"files": [entry(*[b"d"] * 101)]}),
    (".pad/5", {"files": [entry(b".pad", b"5", length=20_000), PADDING]}),
    (".Pad", {"files": [entry(b".Pad")]}),
    ("d/" * 100 + "d", {"files": [entry(*[b"d"] * 600)]}),
    ("meta version", {"meta_version": 3}),
    ("meta version", {"file_tree": {}}),
]


@pytest.mark.parametrize(("field", "fields"), SCHEMA_DAMAGE, ids=str)
def test_names_the_field_that_is_wrong(field: str, fields: dict[str, Value]) -> None:
    with pytest.raises(MetainfoError, match=r"\.$") as refusal:
        metainfo.read(changed(TORRENT, **fields))
    assert refusal.value.field is not None
    assert refusal.value.field.startswith(field[:50])
    with pytest.raises(MetainfoError) as alone:
        metainfo.read_info(info_of(changed(TORRENT, **fields)))
    assert str(alone.value) == str(refusal.value)


@pytest.mark.parametrize("missing", ["name", "piece length", "pieces", "files"])
def test_names_the_field_that_is_missing(missing: str) -> None:
    values = decode(TORRENT)
    assert isinstance(values, dict)
    assert isinstance(values[b"info"], dict)
    del values[b"info"][missing.encode()]
    with pytest.raises(MetainfoError, match=missing):
        metainfo.read(encode(values))


@pytest.mark.parametrize(
    "name", [b"..", b"CON", b"a.", b"a/b", b"a\\b", b"a\0", b"\xff", b"x" * 241, b"", b"x:y"]
)
def test_refuses_a_name_wherever_it_stands(name: bytes) -> None:
    with pytest.raises(NameRefused):
        metainfo.read(changed(TORRENT, name=name))
    with pytest.raises(NameRefused):
        metainfo.read(changed(TORRENT, files=[entry(b"folder", name)]))
    with pytest.raises(NameRefused):
        metainfo.read_info(info_of(changed(TORRENT, name=name)))


@pytest.mark.parametrize("second", [(b"A",), (b"a",), (b"a", b"x")])
def test_refuses_files_in_one_place(second: tuple[bytes, ...]) -> None:
    files: list[Value] = [entry(b"a", length=20_000), entry(*second, length=5)]
    with pytest.raises(NameRefused, match="a"):
        metainfo.read(changed(TORRENT, files=files))


@pytest.mark.parametrize("depth", [100, 101])
def test_a_path_is_as_deep_as_libtorrent_allows(depth: int) -> None:
    torrent = changed(TORRENT, files=[entry(*[b"d"] * depth)])
    if depth > 100:
        with pytest.raises(RuntimeError, match="depth"):
            libtorrent.load_torrent_buffer(torrent)
        with pytest.raises(MetainfoError, match="more than 99 folders"):
            metainfo.read(torrent)
    else:
        libtorrent.load_torrent_buffer(torrent)
        assert len(metainfo.read(torrent).files[0].path) == depth


def test_ignores_attributes_that_change_nothing() -> None:
    files: list[Value] = [entry(b"run.sh", attr=b"xh")]
    assert metainfo.read(changed(TORRENT, files=files)).files == (File(("run.sh",), 20_005),)


def test_does_not_show_padding() -> None:
    files: list[Value] = [
        entry(b"a", length=5),
        entry(b".pad", b"16379", attr=b"p", length=16_379),
        entry(b"b", length=3_621),
        entry(b".pad", b"16379", attr=b"p", length=0),
    ]
    read = metainfo.read(changed(TORRENT, files=files))
    assert read.files == (File(("a",), 5), File(("b",), 3_621))
    assert read.total_size == 3_626


def test_keeps_to_its_limits() -> None:
    with pytest.raises(MetainfoError, match="larger than 100 bytes"):
        metainfo.read(TORRENT, Limits(torrent_bytes=100))
    with pytest.raises(MetainfoError, match="3 files; at most 2"):
        metainfo.read(TORRENT, Limits(files=2))
    with pytest.raises(MetainfoError, match="larger than 20,000 bytes together"):
        metainfo.read(TORRENT, Limits(total_size=20_000))


@pytest.mark.parametrize("count", [20_000, 20_001])
def test_accepts_twenty_thousand_files_and_not_one_more(count: int) -> None:
    length = 10
    files: list[Value] = [entry(b"folder", b"%06d" % n, length=length) for n in range(count)]
    pieces = bytes(20 * -(-count * length // 16_384))
    torrent = changed(TORRENT, files=files, pieces=pieces)
    if count > 20_000:
        with pytest.raises(MetainfoError, match="20,001 files"):
            metainfo.read(torrent)
    else:
        assert len(metainfo.read(torrent).files) == count
