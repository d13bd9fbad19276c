"""A program reads what it carries from the end of its own file, and says when that is damaged."""

from pathlib import Path

import pytest

from installer.bundle.reading import read_payload
from installer.errors import PayloadError
from installer.formats import payload
from tests.installer.conftest import sham_program
from tests.installer.examples import DOWNLOAD, KEY, carried

RECORD = payload.write(DOWNLOAD, KEY)


def test_a_plain_program_carries_nothing(template_file: Path) -> None:
    assert read_payload(template_file) is None


@pytest.mark.parametrize("tail", [b"", b"\0" * 8, b"scanned by something" * 1000])
def test_what_others_put_behind_it_does_no_harm(template_file: Path, tail: bytes) -> None:
    template_file.write_bytes(sham_program() + RECORD + tail)
    assert carried(template_file) == DOWNLOAD


@pytest.mark.parametrize("missing", [1, 2, 50, len(RECORD) - 30])
def test_says_that_a_download_was_cut_off(template_file: Path, missing: int) -> None:
    template_file.write_bytes(sham_program() + RECORD[:-missing])
    with pytest.raises(PayloadError, match="download it again from the site"):
        read_payload(template_file)


def test_says_that_a_download_was_cut_off_within_its_first_byte(template_file: Path) -> None:
    template_file.write_bytes(sham_program() + RECORD[:1])
    with pytest.raises(PayloadError, match="download it again from the site"):
        read_payload(template_file)


def test_says_that_a_download_is_damaged_in_its_first_byte(template_file: Path) -> None:
    template_file.write_bytes(sham_program() + b"\x7f" + RECORD[1:] + bytes(1000))
    with pytest.raises(PayloadError, match="download it again from the site"):
        read_payload(template_file)


def test_finds_the_largest_payload(template_file: Path) -> None:
    large = payload.Download("Alice", "https://alice.example", bytes(780_000))
    template_file.write_bytes(sham_program() + payload.write(large, KEY) + bytes(1000))
    assert carried(template_file) == large


def test_says_that_the_file_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PayloadError, match="cannot read its own file"):
        read_payload(tmp_path / "gone")
