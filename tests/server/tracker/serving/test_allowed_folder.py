"""The allowed folder: what is found, what is skipped, what is noticed."""

import hashlib
import logging
import os
from pathlib import Path

import bencodepy
import pytest

from server.tracker.serving.allowed_folder import AllowedFolder, torrents_in

INFO = {b"length": 7, b"name": b"film", b"piece length": 16384, b"pieces": bytes(20)}
V1 = hashlib.sha1(bencodepy.encode(INFO)).digest()


def torrent(**info: object) -> bytes:
    extra = {key.replace("_", " ").encode(): value for key, value in info.items()}
    written: bytes = bencodepy.encode({b"info": {**INFO, **extra}})
    return written


def test_finds_torrents_in_subfolders_too(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "film.torrent").write_bytes(torrent())
    found = AllowedFolder(tmp_path).look()
    assert found is not None
    assert [tuple(each) for each in found] == [(V1, "film", 7)]


def test_says_nothing_when_nothing_changed(tmp_path: Path) -> None:
    folder = AllowedFolder(tmp_path)
    assert folder.look() == []
    assert folder.look() is None
    path = tmp_path / "film.torrent"
    path.write_bytes(torrent())
    assert folder.look()
    assert folder.look() is None
    path.unlink()
    assert folder.look() == []


def test_reads_a_file_again_when_it_changed(tmp_path: Path) -> None:
    path = tmp_path / "film.torrent"
    path.write_bytes(torrent())
    folder = AllowedFolder(tmp_path)
    folder.look()
    path.write_bytes(torrent(name=b"fil2"))
    os.utime(path, ns=(1, 1))
    found = folder.look()
    assert found is not None
    assert [each.name for each in found] == ["fil2"]


def test_a_hybrid_torrent_has_two_hashes(tmp_path: Path) -> None:
    content = torrent(meta_version=2)
    raw = content[len(b"d4:info") : -1]
    hashes = [each.info_hash for each in torrents_in(content)]
    assert hashes == [hashlib.sha1(raw).digest(), hashlib.sha256(raw).digest()[:20]]


@pytest.mark.parametrize("content", [b"", b"garbage", b"de", b"d4:infoi1ee", b"d4:infodee"])
def test_skips_what_is_no_torrent_with_a_sentence(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "bad.torrent").write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert AllowedFolder(tmp_path).look() == []
    assert "bad.torrent is not tracked" in caplog.text
