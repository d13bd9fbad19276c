"""What the person gave, told apart by its bytes and refused in sentences."""

from pathlib import Path

import pytest

from client.errors import ClientError
from client.opening.own import own_record
from client.opening.payload import unpack
from client.opening.what import Torrent, open_what
from client.site.fetching import fetch
from installer.errors import FormatError
from installer.formats import link, magnet, ticket
from installer.formats.magnet import Magnet
from installer.formats.payload import Download, DownloadByHash, Publish
from installer.formats.ticket import Ticket
from tests.client.conftest import make_torrent
from tests.client.site_double import SiteDouble


@pytest.fixture
def song(tmp_path: Path) -> Torrent:
    (tmp_path / "song").write_bytes(b"la" * 50_000)
    torrent = make_torrent(tmp_path / "song")
    (tmp_path / "song.torrent").write_bytes(torrent.content)
    return torrent


def test_opens_a_torrent_file(song: Torrent, tmp_path: Path) -> None:
    assert open_what(str(tmp_path / "song.torrent"), fetch) == song


def test_opens_a_torrent_at_an_address(song: Torrent, site: SiteDouble) -> None:
    site.answer("/song.torrent", song.content)
    assert open_what(f"{site.url}/song.torrent", fetch) == song


def test_opens_a_ticket_by_a_link_of_our_own(site: SiteDouble) -> None:
    site.answer("/t.passalong", ticket.write(site.ticket()))
    opened = open_what(link.write(f"{site.url}/t.passalong"), fetch)
    assert isinstance(opened, Ticket)
    assert opened.user_name == "alice"


def test_opens_a_magnet_link() -> None:
    wanted = Magnet(bytes(20), None, "song")
    assert open_what(magnet.write(wanted), fetch) == wanted


def test_opens_a_ticket_whatever_its_name(site: SiteDouble, tmp_path: Path) -> None:
    (tmp_path / "upload (1).bin").write_bytes(ticket.write(site.ticket()))
    assert open_what(str(tmp_path / "upload (1).bin"), fetch) == site.ticket()


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04", b"<html>", b"de", b"d1:ai1e"])
def test_refuses_other_files(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises((ClientError, FormatError)):
        open_what(str(tmp_path / "x"), fetch)


def test_says_what_is_wrong_with_a_path(tmp_path: Path) -> None:
    with pytest.raises(ClientError, match="There is no file"):
        open_what(str(tmp_path / "x"), fetch)
    with pytest.raises(ClientError, match="is a folder"):
        open_what(str(tmp_path), fetch)


def test_a_hostile_torrent_is_refused_with_its_own_sentence(song: Torrent, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(song.content.replace(b"4:name4:song", b"4:name4:../x"))
    with pytest.raises(FormatError, match=r"\.\./x"):
        open_what(str(tmp_path / "x"), fetch)


def test_unpacks_what_a_program_carries(song: Torrent, site: SiteDouble) -> None:
    opened = unpack(Download("Alice's site", site.url, song.content), fetch)
    assert opened == Torrent(song.content, song.metainfo, "Alice's site", site.url)
    assert unpack(Publish(site.ticket()), fetch) == site.ticket()


def test_a_large_torrent_is_fetched_and_compared(song: Torrent, site: SiteDouble) -> None:
    site.answer("/song.torrent", song.content)
    size = len(song.content)
    address = f"{site.url}/song.torrent"
    right = DownloadByHash("A", site.url, song.metainfo.info_hash, address, size)
    wrong = DownloadByHash("A", site.url, bytes(20), address, size)
    opened = unpack(right, fetch)
    assert isinstance(opened, Torrent)
    with pytest.raises(ClientError, match="another torrent"):
        unpack(wrong, fetch)


def test_the_program_in_the_tree_carries_nothing() -> None:
    assert own_record() is None


def test_says_what_happens_when_a_large_torrent_cannot_be_had(site: SiteDouble) -> None:
    address = f"{site.url}/gone.torrent"
    payload = DownloadByHash("Alice's films", site.url, bytes(20), address, 100)
    with pytest.raises(ClientError, match=r"has to come from Alice's films.*again later"):
        unpack(payload, fetch)
