"""A program says where its archive ends, once, and a signed one cannot be made to say otherwise."""

from pathlib import Path

import pytest

from installer.bundle import bound, template
from installer.errors import TemplateError
from tests.installer import verifiers, windows
from tests.installer.conftest import sham_program

OPEN = bound.MARK + bytes(8)


def bounded(end: int) -> bytes:
    return OPEN[:-8] + end.to_bytes(8, "little") + sham_program()


def test_is_written_into_its_place(template_file: Path) -> None:
    template_file.write_bytes(OPEN + sham_program())
    end = template.inspect(template_file).archive_end
    bound.write(template_file, end)
    assert template_file.read_bytes() == bounded(end)
    assert template.inspect(template_file).is_bounded


def test_keeps_the_checksum_of_a_windows_program_right(tmp_path: Path) -> None:
    path = tmp_path / "Passalong-0.1.0-windows.exe"
    path.write_bytes(windows.start_code() + OPEN + sham_program(1_000))
    bound.write(path, template.inspect(path).archive_end)
    assert verifiers.has_right_checksum(path.read_bytes())


@pytest.mark.parametrize("data", [sham_program(), OPEN + sham_program()], ids=["none", "open"])
def test_a_program_without_it_is_known(template_file: Path, data: bytes) -> None:
    template_file.write_bytes(data)
    assert not template.inspect(template_file).is_bounded


def test_refuses_a_program_whose_archive_ends_elsewhere(template_file: Path) -> None:
    template_file.write_bytes(bounded(1234))
    with pytest.raises(TemplateError, match="does not end where it says"):
        template.inspect(template_file)


def test_refuses_two(template_file: Path) -> None:
    template_file.write_bytes(OPEN + OPEN + sham_program())
    with pytest.raises(TemplateError, match="more than once"):
        bound.write(template_file, 5)


def test_refuses_start_code_that_has_no_room_for_it(template_file: Path) -> None:
    with pytest.raises(TemplateError, match="no room"):
        bound.write(template_file, 5)
