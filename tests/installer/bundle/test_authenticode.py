"""A signed Windows program carries a payload of any size, and its signature stays valid."""

import random
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from installer.bundle import authenticode, der, portable, template
from installer.bundle.authenticode import Signed
from installer.bundle.joining import carry, join
from installer.bundle.reading import read_payload
from installer.bundle.template import Template, inspect
from installer.errors import PayloadError, TemplateError
from installer.formats import payload, record
from tests.installer import signing, verifiers, windows
from tests.installer.examples import BY_HASH, DOWNLOAD, KEY, PUBLISH, carried
from tests.installer.signing import Authority

SIZES = (0, 1, 255, 256, 8_206, 65_535, 65_536, 102_400, 1_048_576)
FLIPS = 1_000


def whole(chosen: Template, data: bytes) -> bytes:
    return b"".join(carry(chosen, data).chunks())


@pytest.mark.parametrize("kind", signing.KINDS)
@pytest.mark.parametrize("size", SIZES)
def test_checkers_of_others_accept_it(
    signed_templates: Mapping[str, Template],
    authority: Authority,
    tmp_path: Path,
    kind: str,
    size: int,
) -> None:
    carried_bytes = random.Random(size).randbytes(size)
    data = whole(signed_templates[kind], carried_bytes)
    assert verifiers.refusals(data, authority, tmp_path) == []
    assert verifiers.has_right_checksum(data)
    assert authenticode.find_record(BytesIO(data)) == carried_bytes


@pytest.mark.parametrize("size", SIZES)
def test_nothing_hides_outside_the_signature(signed: Template, size: int) -> None:
    data = whole(signed, bytes(size))
    header = portable.read_header(data)
    assert header is not None
    table = data[header.table_offset :]
    assert header.table_offset % 8 == len(table) % 8 == 0
    assert int.from_bytes(table[:4], "little") == len(table) == header.table_size
    padding = table[der.element(table, 8).stop :]
    assert len(padding) < 8
    assert not any(padding)


def test_only_two_numbers_and_the_table_change(signed: Template) -> None:
    before, after = signed.path.read_bytes(), whole(signed, b"hello")
    assert isinstance(signed.carrier, Signed)
    header = signed.carrier.header
    changed = {at for at in range(header.table_offset) if before[at] != after[at]}
    numbers = [*range(header.checksum_at, header.checksum_at + 4)]
    numbers += range(header.entry_at + 4, header.entry_at + 8)
    assert changed <= set(numbers)


@pytest.mark.parametrize("kind", signing.KINDS)
def test_any_flipped_bit_is_noticed(
    signed_templates: Mapping[str, Template], authority: Authority, tmp_path: Path, kind: str
) -> None:
    chosen = signed_templates[kind]
    assert isinstance(chosen.carrier, Signed)
    header = chosen.carrier.header
    good = whole(chosen, payload.write(DOWNLOAD, KEY))
    free = {*range(header.checksum_at, header.checksum_at + 4)}
    free |= {*range(header.entry_at, header.entry_at + 8)}
    covered = [at for at in range(header.table_offset) if at not in free]
    chance = random.Random(kind)
    for position in chance.sample(covered, FLIPS // len(signing.KINDS) + 1):
        bad = bytearray(good)
        bad[position] ^= 1 << chance.randrange(8)
        assert len(verifiers.refusals(bytes(bad), authority, tmp_path)) == 3, position


def test_says_who_signed_it(signed_templates: Mapping[str, Template]) -> None:
    signers = {found.signer for found in signed_templates.values()}
    assert signers == {signing.SIGNER}


@pytest.mark.parametrize("content", [DOWNLOAD, BY_HASH, PUBLISH], ids=lambda c: type(c).__name__)
def test_the_program_finds_its_payload(
    signed: Template, tmp_path: Path, content: payload.Payload
) -> None:
    program = tmp_path / "Night (1).exe"
    program.write_bytes(b"".join(join(signed, content, KEY).chunks()))
    assert carried(program) == content


def test_a_plain_signed_program_carries_nothing(signed: Template) -> None:
    assert read_payload(signed.path) is None


def test_says_that_a_download_was_cut_off(signed: Template, tmp_path: Path) -> None:
    data = b"".join(join(signed, DOWNLOAD, KEY).chunks())
    program = tmp_path / "Night.exe"
    program.write_bytes(data[: data.index(record.MAGIC) + 200])
    with pytest.raises(PayloadError, match="download it again from the site"):
        read_payload(program)


def test_a_windows_program_that_is_not_signed_carries_it_behind(tmp_path: Path) -> None:
    path = tmp_path / "Passalong-0.1.0-windows.exe"
    path.write_bytes(windows.unsigned_program())
    unsigned = inspect(path)
    assert unsigned.carrier is None
    assert whole(unsigned, b"hello") == path.read_bytes() + b"hello"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.data())
def test_every_range_is_a_part_of_the_whole(signed: Template, data: st.DataObject) -> None:
    bundle = carry(signed, payload.write(DOWNLOAD, KEY))
    everything = b"".join(bundle.chunks())
    assert bundle.size == len(everything)
    places = st.integers(0, bundle.size)
    for border in (len(bundle.head), bundle.border):
        places |= st.integers(border - 3, border + 3)
    start, stop = data.draw(places), data.draw(places)
    chunk_size = data.draw(st.sampled_from([100, 65_536, 10**7]))
    assert b"".join(bundle.chunks(start, stop, chunk_size)) == everything[start:stop]


def _damaged(data: bytes, header: portable.Header) -> Mapping[str, bytes]:
    table = header.table_offset
    return {
        "changed after it was signed": data[:5000] + bytes([data[5000] ^ 1]) + data[5001:],
        "not at its end": data + bytes(8),
        "not whole": data[: header.entry_at - 40],
        "more than one signature": data[:table] + b"\x10\0\0\0" + data[table + 4 :],
        "is damaged": data[: table + 9] + b"\x80" + data[table + 10 :],
        "hidden behind": _with_padding(data, header, b"hidden!!"),
        "no reasonable size": data[: header.entry_at + 4]
        + (8).to_bytes(4, "little")
        + data[header.entry_at + 8 : table + 8],
        "not a program": data[: header.checksum_at - 64]
        + bytes(2)
        + data[header.checksum_at - 62 :],
    }


def _with_padding(data: bytes, header: portable.Header, padding: bytes) -> bytes:
    size = header.table_size + len(padding)
    start = portable.patch(header, data, 0, size)
    table = size.to_bytes(4, "little") + data[header.table_offset + 4 :] + padding
    return start + data[header.stop : header.table_offset] + table


REASONS = [
    "changed after it was signed",
    "not at its end",
    "not whole",
    "more than one signature",
    "is damaged",
    "hidden behind",
    "no reasonable size",
    "not a program",
]


@pytest.mark.parametrize("reason", REASONS)
def test_refuses_a_template_with_a_bad_signature(
    signed: Template, tmp_path: Path, reason: str
) -> None:
    assert isinstance(signed.carrier, Signed)
    path = tmp_path / signed.path.name
    path.write_bytes(_damaged(signed.path.read_bytes(), signed.carrier.header)[reason])
    with pytest.raises(TemplateError, match=reason):
        inspect(path)


@given(st.lists(st.binary(min_size=2, max_size=40).filter(lambda c: len(c) % 2 == 0)))
def test_the_checksum_adds_words_and_their_carry(chunks: list[bytes]) -> None:
    total = 0
    data = b"".join(chunks)
    for at in range(0, len(data), 2):
        total += int.from_bytes(data[at : at + 2], "little")
        total = (total & 0xFFFF) + (total >> 16)
    assert portable.word_sum(chunks) == total


def test_is_added_and_listed_with_its_signer(signed: Template, tmp_path: Path) -> None:
    template.add(signed.path, tmp_path / "templates")
    usable, refusals = template.sort_out(tmp_path / "templates")
    assert [found.signer for found in usable] == [signing.SIGNER]
    assert refusals == []
