"""A site that is set up, its people, and real small torrents, for tests of the site."""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha1, sha256
from pathlib import Path
from struct import pack

from django.contrib.auth.models import Group

from installer.bundle import template
from installer.bundle.cookie import COOKIE_MAGIC
from installer.formats import metainfo
from installer.formats.metainfo import File
from installer.freeze import packing
from server.accounts.models import User
from server.accounts.roles import PUBLISHERS, make_roles
from server.catalog.models import Release, SiteCopy
from server.catalog.services import add_release, set_site_copy
from server.seeding import places
from server.site.models import Site

ADDRESS = "https://films.example"
NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
PIECE_LENGTH = 16 * 1024


def site(name: str = "Films", address: str = ADDRESS) -> Site:
    """The site, set up."""
    return Site.objects.create(pk=Site.ONLY, name=name, saved_address=address)


def publisher(name: str = "alice") -> User:
    """Somebody who may publish."""
    make_roles()
    user = visitor(name)
    user.groups.add(Group.objects.get(name=PUBLISHERS))
    return user


def visitor(name: str = "bob") -> User:
    """Somebody who is signed in and no more."""
    return User.objects.create_user(name, password="open sesame 42")


def torrent(
    name: str = "film.mkv",
    content: bytes = b"some film",
    *,
    announce: str = "http://elsewhere.example/announce",
) -> bytes:
    """A torrent of one file, with another tracker and other words around it."""
    pieces = b"".join(sha1(block).digest() for block in _blocks(content))
    info = metainfo.info_v1(
        name,
        [File((name,), len(content))],
        is_folder=False,
        piece_length=PIECE_LENGTH,
        pieces=pieces,
    )
    return metainfo.write(info, announce=[[announce]], comment="foreign", created_by="foreign")


def folder_torrent(name: str, files: int, size_of_each: int = PIECE_LENGTH) -> bytes:
    """A torrent of a folder with many files of made-up hashes."""
    listed = [File((f"{number:06}.bin",), size_of_each) for number in range(files)]
    total = files * size_of_each
    pieces = b"".join(sha1(pack("!I", n)).digest() for n in range(-(-total // PIECE_LENGTH)))
    return metainfo.write(
        metainfo.info_v1(name, listed, is_folder=True, piece_length=PIECE_LENGTH, pieces=pieces)
    )


def folder_with(name: str, contents: Mapping[str, bytes], *, is_hybrid: bool = False) -> bytes:
    """A torrent of a folder with these files in it."""
    listed = [File(tuple(path.split("/")), len(content)) for path, content in contents.items()]
    files = metainfo.canonical_order(listed)
    in_order = [contents["/".join(file.path)] for file in files]
    padding = metainfo.paddings(files, PIECE_LENGTH) if is_hybrid else [0] * len(files)
    padded = b"".join(
        content + bytes(zeros) for content, zeros in zip(in_order, padding, strict=True)
    )
    pieces = b"".join(sha1(block).digest() for block in _blocks(padded))
    if not is_hybrid:
        info = metainfo.info_v1(
            name, files, is_folder=True, piece_length=PIECE_LENGTH, pieces=pieces
        )
        return metainfo.write(info)
    hashes = [
        metainfo.file_hashes(
            file, PIECE_LENGTH, [sha256(block).digest() for block in _blocks(content)]
        )
        for file, content in zip(files, in_order, strict=True)
    ]
    info = metainfo.info_hybrid(
        name, files, is_folder=True, piece_length=PIECE_LENGTH, pieces=pieces, hashes=hashes
    )
    return metainfo.write(info, piece_layers=metainfo.piece_layers(hashes))


def hybrid_torrent(name: str = "film.mkv", content: bytes = b"some film") -> bytes:
    """A torrent of one small file for both versions of the protocol."""
    file = File((name,), len(content))
    root = metainfo.piece_root([sha256(content).digest()], PIECE_LENGTH, len(content))
    hashes = [metainfo.file_hashes(file, PIECE_LENGTH, [root])]
    pieces = sha1(content).digest()
    info = metainfo.info_hybrid(
        name, [file], is_folder=False, piece_length=PIECE_LENGTH, pieces=pieces, hashes=hashes
    )
    return metainfo.write(info, piece_layers=metainfo.piece_layers(hashes))


def release(
    title: str = "Night of the Living Dead",
    *,
    by: User | None = None,
    data: bytes | None = None,
    description: str = "",
    now: datetime = NOON,
) -> Release:
    """A published release; each title has a torrent of its own."""
    content = metainfo.read(data or torrent(content=title.encode()))
    by = by or User.objects.filter(username="alice").first() or publisher()
    return add_release(content, by, title=title, description=description, now=now)


def site_copy(release: Release, *contents: bytes, state: SiteCopy = SiteCopy.HERE) -> None:
    """Files on the disk of the site, in the order in which the torrent has them."""
    places.files_of(release.info_hash).mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(contents):
        places.file_of(release.info_hash, number).write_bytes(content)
    set_site_copy(release, state)


def program(folder: Path, platform: str = "linux", content: bytes = b"\x7fELF" * 5_000) -> Path:
    """A file that is built like a program made by PyInstaller, as far as bundles look at it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / template.file_name("1.0.0", platform)
    archive = b"\x78\x9c" * 40
    length = len(archive) + 88
    cookie = COOKIE_MAGIC + pack("!IIII64s", length, 0, len(archive), 311, b"libpython")
    path.write_bytes(content + archive + cookie)
    if platform == "macos":
        packing.pack(path, "1.0.0", path)
    return path


def _blocks(content: bytes) -> list[bytes]:
    return [content[at : at + PIECE_LENGTH] for at in range(0, len(content), PIECE_LENGTH)]
