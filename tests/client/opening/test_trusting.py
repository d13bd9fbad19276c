"""A site is believed at the first meeting; afterwards nobody else can speak in its name."""

from dataclasses import replace
from pathlib import Path

import pytest

from client.errors import OpeningError
from client.opening.trusting import FOLDER, trust
from installer.formats.payload import SignedPayload
from installer.formats.signature import fingerprint
from tests.installer.examples import DOWNLOAD, KEY, OTHER_KEY, PUBLISH, SITE_NAME, SITE_URL

OURS = SignedPayload(DOWNLOAD, KEY.public)
FORGED = SignedPayload(DOWNLOAD, OTHER_KEY.public)


def said(payload: SignedPayload, state: Path) -> list[str]:
    sentences: list[str] = []
    trust(payload, state, sentences.append)
    return sentences


def test_the_first_meeting_shows_the_site_and_its_fingerprint(tmp_path: Path) -> None:
    (sentence,) = said(OURS, tmp_path)
    for fact in (SITE_NAME, SITE_URL, fingerprint(KEY.public)):
        assert fact in sentence


def test_later_meetings_say_nothing(tmp_path: Path) -> None:
    said(OURS, tmp_path)
    assert said(OURS, tmp_path) == []
    assert said(SignedPayload(PUBLISH, KEY.public), tmp_path) == []


def test_refuses_another_key_and_says_what_to_do(tmp_path: Path) -> None:
    said(OURS, tmp_path)
    with pytest.raises(OpeningError, match="somebody pretends to be it") as refused:
        trust(FORGED, tmp_path, pytest.fail)
    assert fingerprint(OTHER_KEY.public) in str(refused.value)
    (file,) = (tmp_path / FOLDER).iterdir()
    assert str(file) in str(refused.value)
    assert said(OURS, tmp_path) == []


def test_the_key_is_learned_anew_when_the_person_says_so(tmp_path: Path) -> None:
    said(OURS, tmp_path)
    next((tmp_path / FOLDER).iterdir()).unlink()
    assert len(said(FORGED, tmp_path)) == 1


def test_every_site_has_its_own_key(tmp_path: Path) -> None:
    said(OURS, tmp_path)
    elsewhere = SignedPayload(replace(DOWNLOAD, site_url="https://bob.example"), OTHER_KEY.public)
    assert len(said(elsewhere, tmp_path)) == 1


@pytest.mark.parametrize("address", [f"{SITE_URL}:443", SITE_URL.replace("alice", "ALICE")])
def test_one_site_has_one_key_however_it_is_spelled(tmp_path: Path, address: str) -> None:
    said(OURS, tmp_path)
    with pytest.raises(OpeningError):
        trust(SignedPayload(replace(DOWNLOAD, site_url=address), OTHER_KEY.public), tmp_path, str)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"public_key": 5}'], ids=str)
def test_a_damaged_memory_is_no_leave_to_believe(tmp_path: Path, content: bytes) -> None:
    said(OURS, tmp_path)
    next((tmp_path / FOLDER).iterdir()).write_bytes(content)
    with pytest.raises(OpeningError, match="cannot be read"):
        said(OURS, tmp_path)


def test_says_where_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "state").write_bytes(b"")
    with pytest.raises(OpeningError, match="cannot"):
        said(OURS, tmp_path / "state")


def test_where_there_are_no_links_it_remembers_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(self: Path, target: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    said(OURS, tmp_path)
    assert said(OURS, tmp_path) == []
