"""The commands that only read and write torrent files: show and reannounce."""

from collections.abc import Iterator
from pathlib import Path

from client.errors import UsageError
from client.folders.keeping import write_whole
from client.opening.what import link_to, open_torrent
from client.words import Number
from client.words import gettext as _
from installer import VERSION
from installer.formats import magnet, metainfo
from installer.formats.addresses import TRACKER, is_address


def show(path: Path) -> Iterator[str]:
    """Say what is in a torrent file, line by line."""
    opened = open_torrent(path)
    torrent, link = opened.metainfo, link_to(opened)
    yield _("Name: {name}").format(name=torrent.name)
    yield _("Size: {size:,} bytes in pieces of {piece:,}").format(
        size=Number(torrent.total_size), piece=Number(torrent.piece_length)
    )
    yield _("Info-hash: {hash}").format(hash=torrent.info_hash.hex())
    if torrent.info_hash_v2 is not None:
        yield _("Info-hash of version 2: {hash}").format(hash=torrent.info_hash_v2.hex())
    if torrent.private:
        yield _("Private: yes")
    if torrent.comment:
        yield _("Comment: {text}").format(text=torrent.comment)
    for url in link.trackers:
        yield _("Tracker: {url}").format(url=url)
    for url in torrent.web_seeds:
        yield _("Web seed: {url}").format(url=url)
    for file in torrent.files:
        yield _("File: {path} ({size:,} bytes)").format(
            path="/".join(file.path), size=Number(file.length)
        )
    yield _("Magnet link: {link}").format(link=magnet.write(link))


def reannounce(tracker: str, paths: list[Path]) -> Iterator[str]:
    """Give torrent files another tracker. The info-hash stays, so does the swarm."""
    if not is_address(tracker, TRACKER):
        raise UsageError(_("{url} is not the address of a tracker.").format(url=tracker))
    torrents = [(path, open_torrent(path).metainfo) for path in paths]
    for path, torrent in torrents:
        content = metainfo.write(
            torrent.info,
            announce=[[tracker]],
            web_seeds=torrent.web_seeds,
            comment=torrent.comment,
            created_by=f"Passalong {VERSION}",
            piece_layers=torrent.piece_layers,
        )
        write_whole(path, content)
        yield f"{path}: {tracker}"
