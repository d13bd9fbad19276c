"""Errors of disk and tracker in plain words."""

import errno
import sys

import pytest

from client.engine.trouble import Kind, disk_trouble, tracker_notice


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other numbers")
@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [
        (errno.ENOSPC, Kind.DISK_FULL, "is full"),
        (errno.EROFS, Kind.NOT_WRITABLE, "not allowed to save"),
        (errno.ENOENT, Kind.FOLDER_GONE, "is gone"),
        (errno.EFBIG, Kind.DISK, "too large for the file system"),
        (errno.EIO, Kind.DISK, "I/O error"),
    ],
)
def test_disk_errors_are_sentences(number: int, kind: Kind, words: str) -> None:
    trouble = disk_trouble(number, "I/O error", "/media/stick")
    assert trouble.kind is kind
    assert words in trouble.sentence
    assert "/media/stick" in trouble.sentence


def test_the_trackers_own_words_come_first() -> None:
    assert tracker_notice("Not allowed.", 1, "bittorrent").endswith("Not allowed.")
    assert "internet connection" in tracker_notice("", 1, "asio.netdb")
    assert "keep trying" in tracker_notice("", 111, "system")
    assert "the clock" in tracker_notice("", 167772294, "asio.ssl")
