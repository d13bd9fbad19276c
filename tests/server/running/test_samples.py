"""The sample releases: the same every time, and fit to be published anywhere."""

import io
import wave
import xml.etree.ElementTree as ET
import zlib
from pathlib import Path

import pytest

from installer.formats.names import check_name, check_paths
from server.running.samples import SAMPLES, Sample, bells, pictures

MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def files() -> dict[str, dict[str, bytes]]:
    return {sample.title: dict(sample.files()) for sample in SAMPLES}


def test_are_of_a_size_that_is_quick_to_download(files: dict[str, dict[str, bytes]]) -> None:
    for sample in files.values():
        assert MEGABYTE < sum(map(len, sample.values())) < 20 * MEGABYTE


def test_have_names_that_every_system_can_keep(files: dict[str, dict[str, bytes]]) -> None:
    for title, sample in files.items():
        paths = [tuple(name.split("/")) for name in sample]
        check_paths(paths)
        for part in {title, *(part for path in paths for part in path)}:
            assert check_name(part.encode()) == part


def test_are_made_the_same_again(files: dict[str, dict[str, bytes]]) -> None:
    first = SAMPLES[0]

    assert dict(first.files()) == files[first.title]


def test_the_bells_come_home() -> None:
    rows = bells.plain_hunt(6)

    assert rows[0] == rows[-1]
    assert len({tuple(row) for row in rows}) == len(rows) - 1 == 12


def test_the_recordings_can_be_played(files: dict[str, dict[str, bytes]]) -> None:
    sides = [data for name, data in files[bells.TITLE].items() if name.endswith(".wav")]

    lengths = []
    for side in sides:
        with wave.open(io.BytesIO(side)) as recording:
            lengths.append(recording.getnframes() / recording.getframerate())
    assert lengths == pytest.approx([24.9, 12.4], abs=0.1)


def test_the_pictures_can_be_seen(files: dict[str, dict[str, bytes]]) -> None:
    for name, content in files[pictures.TITLE].items():
        if name.endswith(".png"):
            start = content.index(b"IDAT") + 4
            length = int.from_bytes(content[start - 8 : start - 4])
            pixels = zlib.decompress(content[start : start + length])
            assert len(pixels) == pictures.SIDE * (pictures.SIDE + 1)
        else:
            assert ET.fromstring(content).tag.endswith("svg")


def test_a_sample_is_on_the_disk_whole_or_not_at_all(tmp_path: Path) -> None:
    def breaks_off() -> object:
        yield "one.txt", b"1"
        raise OSError(28, "No space left on device")

    sample = Sample("A sample", "", breaks_off)  # type: ignore[arg-type]
    with pytest.raises(OSError, match="No space"):
        sample.write(tmp_path)

    assert not (tmp_path / "A sample").exists()


def test_a_sample_that_is_there_is_not_made_again(tmp_path: Path) -> None:
    made: list[str] = []

    def once() -> object:
        made.append("once")
        yield "folder/one.txt", b"1"

    sample = Sample("A sample", "", once)  # type: ignore[arg-type]

    assert sample.write(tmp_path) == sample.write(tmp_path)
    assert made == ["once"]
    assert (tmp_path / "A sample" / "folder" / "one.txt").read_bytes() == b"1"
