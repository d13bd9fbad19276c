"""Which file of a release is the one that a player plays."""

import pytest

from installer.formats import metainfo
from installer.formats.metainfo import File
from server.catalog.models import Release, SiteCopy
from server.catalog.playing import Playable, playable_file, playable_releases
from server.catalog.services import set_hidden, set_site_copy
from tests.server import factories


def folder(*files: tuple[str, int]) -> bytes:
    """A torrent of a folder called `Film`."""
    listed = [File(tuple(path.split("/")), length) for path, length in files]
    count = -(-sum(length for _, length in files) // factories.PIECE_LENGTH)
    return metainfo.write(
        metainfo.info_v1(
            "Film",
            listed,
            is_folder=True,
            piece_length=factories.PIECE_LENGTH,
            pieces=bytes(20 * count),
        )
    )


def found_in(torrent: bytes) -> Playable | None:
    return playable_file(metainfo.read(torrent))


@pytest.mark.parametrize(
    ("name", "mime_type"),
    [
        ("talk.mp3", "audio/mpeg"),
        ("TALK.M4A", "audio/x-m4a"),
        ("talk.opus", "audio/ogg"),
        ("film.2026.mkv", "video/x-matroska"),
    ],
)
def test_knows_a_single_file_by_its_extension(name: str, mime_type: str) -> None:
    assert found_in(factories.torrent(name)) == Playable(name, len(b"some film"), mime_type)


@pytest.mark.parametrize("name", ["linux.iso", "mp3", "film.mkv.exe", "film.avi"])
def test_other_files_are_not_played(name: str) -> None:
    assert found_in(factories.torrent(name)) is None


def test_takes_the_film_of_a_folder_and_no_sample_of_it() -> None:
    torrent = folder(("Extras/sample.mkv", 90), ("Film & more/film.mkv", 100), ("film.srt", 9))
    assert found_in(torrent) == Playable("Film/Film & more/film.mkv", 100, "video/x-matroska")


@pytest.mark.parametrize(
    "files",
    [
        [("1.mp3", 50), ("2.mp3", 50)],
        [("1.mp3", 40), ("2.mp3", 30), ("3.mp3", 30)],
        [("linux.iso", 60), ("music.mp3", 40)],
    ],
)
def test_takes_no_part_for_the_whole(files: list[tuple[str, int]]) -> None:
    assert found_in(folder(*files)) is None


@pytest.mark.django_db
def test_only_what_the_site_has_and_shows_can_be_played() -> None:
    factories.site()
    release = factories.release(data=folder(("film.mp4", 100), ("film.srt", 9)))
    set_site_copy(factories.release(data=factories.torrent("linux.iso")), SiteCopy.HERE)
    set_site_copy(release, SiteCopy.COMING)
    assert not playable_releases().exists()
    set_site_copy(release, SiteCopy.HERE)
    assert Playable(*playable_releases().get().playable) == ("Film/film.mp4", 100, "video/mp4")
    set_hidden(release, is_hidden=True)
    assert not playable_releases().exists()
    set_site_copy(release, SiteCopy.NONE)
    assert Release.objects.get(pk=release.pk).playable is None
