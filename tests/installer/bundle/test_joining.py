"""A bundle is the template and the payload, in any range, without a copy of the template."""

import os
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from installer.bundle import joining
from installer.bundle.cookie import COOKIE_MAGIC
from installer.bundle.joining import Bundle, join
from installer.bundle.template import inspect
from installer.errors import PayloadError, TemplateError
from installer.formats import payload
from tests.installer.conftest import sham_program
from tests.installer.examples import BY_HASH, DOWNLOAD, KEY, PUBLISH, SITE_NAME, SITE_URL, carried


@pytest.fixture
def bundle(template_file: Path) -> Bundle:
    return join(inspect(template_file), DOWNLOAD, KEY)


def whole(bundle: Bundle) -> bytes:
    return b"".join(bundle.chunks())


def test_is_the_template_and_then_the_payload(bundle: Bundle) -> None:
    assert whole(bundle) == sham_program() + payload.write(DOWNLOAD, KEY)
    assert bundle.size == len(whole(bundle))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(st.data())
def test_every_range_is_a_part_of_the_whole(bundle: Bundle, data: st.DataObject) -> None:
    border = bundle.template.size
    places = st.integers(0, bundle.size) | st.integers(border - 3, border + 3)
    start, stop = data.draw(places), data.draw(places)
    chunk_size = data.draw(st.sampled_from([1000, 65_536, 10**7]))
    assert b"".join(bundle.chunks(start, stop, chunk_size)) == whole(bundle)[start:stop]


def test_no_chunk_is_larger_than_asked_for(bundle: Bundle) -> None:
    assert max(map(len, bundle.chunks(chunk_size=1000))) == 1000


def test_needs_little_memory(bundle: Bundle) -> None:
    tracemalloc.start()
    for _ in bundle.chunks():
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


def test_the_tag_depends_on_template_and_payload_only(bundle: Bundle, template_file: Path) -> None:
    assert bundle.etag == join(inspect(template_file), DOWNLOAD, KEY).etag
    assert bundle.etag != join(inspect(template_file), BY_HASH, KEY).etag
    template_file.write_bytes(sham_program().replace(b"ELF", b"elf"))
    assert bundle.etag != join(inspect(template_file), DOWNLOAD, KEY).etag
    assert bundle.etag.startswith('"')
    assert bundle.etag.endswith('"')


def test_notices_that_the_template_has_changed_before_the_first_byte(bundle: Bundle) -> None:
    os.utime(bundle.template.path, ns=(1, 1))
    with pytest.raises(TemplateError, match="has just changed"):
        bundle.chunks()
    bundle.template.path.unlink()
    with pytest.raises(TemplateError, match="has just changed"):
        bundle.chunks()


def test_notices_that_the_template_was_cut_off_on_the_way(bundle: Bundle) -> None:
    chunks = bundle.chunks(chunk_size=1000)
    next(chunks)
    os.truncate(bundle.template.path, 1500)
    with pytest.raises(TemplateError, match="has just changed"):
        list(chunks)


@pytest.mark.parametrize("content", [DOWNLOAD, BY_HASH, PUBLISH], ids=lambda c: type(c).__name__)
def test_the_program_finds_its_payload(
    template_file: Path, tmp_path: Path, content: payload.Payload
) -> None:
    program = tmp_path / "Night (1).download"
    program.write_bytes(whole(join(inspect(template_file), content, KEY)))
    assert carried(program) == content


@given(st.binary(max_size=100), st.integers(0, 8))
def test_the_last_cookie_stays_that_of_the_template(noise: bytes, part: int) -> None:
    torrent = COOKIE_MAGIC[part:] + noise + COOKIE_MAGIC + noise
    tail = payload.write(payload.Download(SITE_NAME, SITE_URL, torrent), KEY)
    for half in range(8):
        assert COOKIE_MAGIC not in COOKIE_MAGIC[:half] + tail


@pytest.mark.parametrize("tail", [COOKIE_MAGIC, b"x" + COOKIE_MAGIC, COOKIE_MAGIC[3:]], ids=repr)
def test_refuses_a_tail_that_would_move_the_cookie(
    template_file: Path, monkeypatch: pytest.MonkeyPatch, tail: bytes
) -> None:
    monkeypatch.setattr(joining.payload, "write", lambda content, key: tail)
    with pytest.raises(PayloadError, match="run something else"):
        join(inspect(template_file), DOWNLOAD, KEY)
