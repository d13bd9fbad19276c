"""Sharing files that are already here, after checking that they are what the torrent says."""

from collections.abc import Generator
from contextlib import closing
from pathlib import Path

from client.engine.transfer import AS_USUAL, Engine, Order, Tuning
from client.engine.trouble import Kind, Trouble
from client.errors import JobError
from client.folders.keeping import Kept, open_kept
from client.folders.places import full_path, is_there
from client.folders.stamps import look
from client.folders.targets import Target, place
from client.jobs.following import follow
from client.jobs.progress import Phase, Progress
from client.jobs.stopping import Stop, StopRule
from client.opening.what import Torrent
from client.words import gettext as _


def seed(
    torrent: Torrent,
    path: Path,
    state: Path,
    engine: Engine,
    stop: Stop,
    rule: StopRule,
    tuning: Tuning = AS_USUAL,
) -> Generator[Progress]:
    """Share the file or folder at the path until the rule is met. Nothing is written to it."""
    where = full_path(path)
    if not is_there(where):
        sentence = _("There is no file or folder {where}.").format(where=where)
        raise JobError(sentence, trouble=Trouble(Kind.FOLDER_GONE, sentence))
    target = place(torrent.metainfo, where.parent, where.name)
    with closing(open_kept(state, torrent.metainfo.info_hash, where.parent)) as kept:
        resume = kept.resume if _is_unchanged(target, kept) else None
        kept.keep(torrent.content, where.name, is_ours=False)
        order = Order(
            torrent.metainfo.info_hash,
            target.folder,
            torrent=torrent.content,
            files=target.files,
            resume=resume,
            is_share_only=True,
            tuning=tuning,
        )
        start = Progress(
            Phase.CHECKING,
            name=torrent.metainfo.name,
            site_name=torrent.site_name,
            total_bytes=torrent.metainfo.total_size,
            place=target.path,
        )
        yield from follow(engine, order, kept, start, stop, rule)


def _is_unchanged(target: Target, kept: Kept) -> bool:
    stamps = kept.stamps(len(target.files))
    if kept.name != target.name or stamps is None or not stamps.is_settled:
        return False
    return stamps.files == look(target.folder, target.files)
