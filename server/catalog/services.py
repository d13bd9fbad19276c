"""Putting a release on offer, hiding it, taking it away, and handing out its torrent.

Whoever calls this has already decided that it may be done.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import F
from django.urls import reverse

from installer.formats import bencoding, magnet, metainfo
from installer.formats.metainfo import Limits, Metainfo
from server.accounts.models import User
from server.site.models import Site
from server.site.words import one_line
from server.tracker import services as tracker

from . import searching
from .models import FILES_SHOWN, Category, Picture, Release, SiteCopy, TorrentFile
from .naming import title_from
from .picturing import Drawn
from .playing import playable_file

CREATED_BY = "Passalong"
_ANY_SIZE = Limits(torrent_bytes=2**40)  # What is stored was checked when it came.


@transaction.atomic
def add_release(
    torrent: Metainfo,
    publisher: User,
    *,
    title: str = "",
    description: str = "",
    category: Category | None = None,
    trackers: Sequence[Sequence[str]] = (),
    now: datetime,
) -> Release:
    """Offer a torrent, and let the tracker welcome its peers unless they meet at other trackers.

    Raises `ValidationError` when the words are too long, `IntegrityError` when it is here already.
    """
    swarms = [
        tracker.welcome(info_hash, now=now, name=torrent.name, total_size=torrent.total_size)
        for info_hash in _info_hashes(torrent)
    ]
    if trackers:
        for info_hash in _info_hashes(torrent):
            tracker.refuse(info_hash, now=now)
    release = Release(
        info_hash=torrent.info_hash.hex(),
        info_hash_v2=torrent.info_hash_v2.hex() if torrent.info_hash_v2 else "",
        swarm=swarms[0],
        publisher=publisher,
        title=one_line(title) or title_from(torrent.name, torrent.is_folder),
        description=description,
        category=category,
        total_size=torrent.total_size,
        file_count=len(torrent.files),
        foreign_trackers=[list(tier) for tier in trackers],
        published_at=now,
    )
    release.clean()
    release.save(force_insert=True)
    TorrentFile.objects.create(
        release=release,
        info=torrent.info,
        piece_layers=bencoding.encode(dict(torrent.piece_layers)),
        first_files=[["/".join(file.path), file.length] for file in torrent.files[:FILES_SHOWN]],
    )
    searching.store(release, (name for file in torrent.files for name in file.path))
    return release


@transaction.atomic
def set_hidden(release: Release, is_hidden: bool, *, by_staff: bool = False) -> None:
    """Hide a release and turn its peers away, or bring both back unless they are blocked.

    Raises `ValidationError` for what is blocked.
    """
    if not is_hidden:
        release.check_not_blocked()
    release.is_hidden = is_hidden
    release.hidden_by_staff = is_hidden and (by_staff or release.hidden_by_staff)
    release.save(update_fields=["is_hidden", "hidden_by_staff"])
    for info_hash in release.info_hashes:
        if is_hidden or release.foreign_trackers:
            tracker.refuse(info_hash)
        else:
            tracker.welcome(info_hash)


@transaction.atomic
def block(release: Release, reason: str) -> None:
    """Hide a release for its publisher too, and let nobody here share or publish it again."""
    set_hidden(release, is_hidden=True, by_staff=True)
    for info_hash in release.info_hashes:
        tracker.block(info_hash, reason)


@transaction.atomic
def remove(release: Release) -> None:
    """Take a release away and turn its peers away; reports of it stay."""
    info_hashes = release.info_hashes
    release.reports.update(removed_title=release.title, removed_hash=release.info_hash)
    release.delete()
    for info_hash in info_hashes:
        tracker.refuse(info_hash)


def change_words(release: Release) -> None:
    """Save what was edited of a release, and let it be found by it; raises `ValidationError`."""
    release.clean()
    release.save()
    searching.store(release, (path for path, _size in files_of(release)))


def files_of(release: Release) -> list[tuple[str, int]]:
    """The paths of all its files, with their bytes."""
    torrent = content_of(release.info_hash)
    return [("/".join(file.path), file.length) for file in torrent.files]


def content_of(info_hash: str) -> Metainfo:
    """What is said about its files in the torrent of a release."""
    stored = TorrentFile.objects.filter(release__info_hash=info_hash)
    return metainfo.read_info(bytes(stored.values_list("info", flat=True).get()), _ANY_SIZE)


def announce_tiers(release: Release, site: Site) -> list[list[str]]:
    """Where its peers meet: at our tracker, or at those that it came with."""
    kept: list[list[str]] = release.foreign_trackers
    return kept or [[url] for url in site.announce_urls()]


def set_picture(release: Release, drawn: Drawn | None) -> None:
    """Give the release this picture in place of the one it has, or none."""
    if drawn is None:
        Picture.objects.filter(release=release).delete()
        return
    values = {
        "content": drawn.content,
        "thumbnail": drawn.thumbnail,
        "width": drawn.width,
        "height": drawn.height,
        "digest": sha256(drawn.content).hexdigest()[:16],
    }
    Picture.objects.update_or_create(release=release, defaults=values)


def set_site_copy(release: Release, state: SiteCopy) -> None:
    """Note whether the site has the files itself, or is about to, and which can be played."""
    is_here = state == SiteCopy.HERE
    release.site_copy = state
    release.playable = playable_file(content_of(release.info_hash)) if is_here else None
    release.save(update_fields=["site_copy", "playable"])


def add_carried_by_site(carried: Mapping[str, int]) -> None:
    """Add bytes, by info-hash, that peers have got from the site's own copies."""
    for info_hash, size in carried.items():
        Release.objects.filter(info_hash=info_hash).update(
            carried_by_site=F("carried_by_site") + size
        )


def torrent_bytes(release: Release, site: Site) -> bytes:
    """The torrent file: the publisher's info dictionary, with our own words around it.

    The info dictionary is stored byte for byte, so the info-hash cannot change.
    """
    stored = TorrentFile.objects.filter(release=release).values_list("info", "piece_layers")
    info, piece_layers = stored.get()
    layers = bencoding.decode(bytes(piece_layers))
    assert isinstance(layers, dict)
    texts = {key: layer for key, layer in layers.items() if isinstance(layer, bytes)}
    return _write_torrent(release, site, bytes(info), texts)


def torrent_size(release: Release, site: Site) -> int:
    """How many bytes `torrent_bytes` has, for a release from `with_torrent_sizes`.

    Lists ask this of many releases, whose hashes need not be read for it.
    """
    empty = bencoding.encode({})
    size = len(_write_torrent(release, site, empty, {})) - len(empty) + release.info_bytes
    if release.layers_bytes > len(empty):
        size += len(bencoding.encode(b"piece layers")) + release.layers_bytes
    return size


def magnet_link(release: Release, site: Site) -> str:
    """The release as a magnet link, for programs that take one."""
    v2 = release.info_hash_v2
    return magnet.write(
        magnet.Magnet(
            info_hash=bytes.fromhex(release.info_hash),
            info_hash_v2=bytes.fromhex(v2) if v2 else None,
            name=release.title,
            trackers=tuple(url for tier in announce_tiers(release, site) for url in tier),
            size=release.total_size,
            web_seeds=web_seeds(release, site),
        )
    )


def web_seeds(release: Release, site: Site) -> tuple[str, ...]:
    """Where programs find the site's own copy (BEP 19), before it is complete too.

    Until then they are told to ask again, so nobody needs another torrent afterwards. libtorrent
    (2.1) takes a file it was refused for missing, and asks again only when its program restarts.
    """
    if release.site_copy == SiteCopy.NONE:
        return ()
    return (site.url(reverse("seeding:files", args=[release.info_hash])),)


def _write_torrent(
    release: Release, site: Site, info: bytes, piece_layers: Mapping[bytes, bytes]
) -> bytes:
    return metainfo.write(
        info,
        announce=announce_tiers(release, site),
        web_seeds=web_seeds(release, site),
        comment=site.url(release.get_absolute_url()),
        created_by=CREATED_BY,
        creation_date=int(release.published_at.timestamp()),
        piece_layers=piece_layers,
    )


def _info_hashes(torrent: Metainfo) -> list[bytes]:
    v2 = torrent.info_hash_v2
    return [torrent.info_hash, v2[:20]] if v2 else [torrent.info_hash]
