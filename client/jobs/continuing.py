"""Where an earlier run of the same download left off, and whether that may be gone on with.

What is not surely ours is never written into: then the download gets another name.
"""

import os
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from client.engine.transfer import Engine, Order, Stage, Transfer
from client.errors import JobStopped
from client.folders.keeping import Kept
from client.folders.stamps import Stamps, look
from client.folders.targets import Target, place, reserve_at
from client.jobs.progress import Phase, Progress
from client.jobs.stopping import Stop
from client.opening.what import Torrent
from client.words import gettext as _

_LOOK_SECONDS = 0.5

Begun = tuple[Target, bytes | None]
"""The place, and the engine's notes where they may be believed."""


@dataclass(frozen=True, slots=True)
class Saving:
    """Where to save: a folder, and the name below it if the person chose one."""

    folder: Path
    name: str | None = None


def find_begun(
    torrent: Torrent, saving: Saving, kept: Kept, engine: Engine, stop: Stop
) -> Generator[Progress, None, Begun | None]:
    """Find where to go on; None when the download has to begin anew under a free name."""
    name = kept.name
    if name is None or saving.name not in {None, name}:
        return None
    target = place(torrent.metainfo, saving.folder, name)
    if not os.path.lexists(target.path):
        reserve_at(torrent.metainfo, target.path)
        kept.keep(torrent.content, name, is_ours=True)
        return target, None
    now = look(target.folder, target.files)
    before = kept.stamps(len(now))
    if before is None or not before.is_settled:
        lengths = [file.length for file in torrent.metainfo.files]
        before = before or Stamps((None,) * len(now), is_settled=False)
        is_fit = kept.is_ours and before.is_growing_into(now, lengths)
        return (target, kept.resume) if is_fit else None
    if before.files == now:
        return target, kept.resume
    if kept.is_ours and before.is_without_some(now):
        return target, None
    is_whole = yield from _is_whole(torrent, target, engine, stop)
    return (target, None) if is_whole else None


def _is_whole(
    torrent: Torrent, target: Target, engine: Engine, stop: Stop
) -> Generator[Progress, None, bool]:
    """Read files that somebody touched; nothing is written to them."""
    metainfo = torrent.metainfo
    order = Order(
        metainfo.info_hash,
        target.folder,
        torrent=torrent.content,
        files=target.files,
        is_share_only=True,
    )
    state = Transfer(metainfo.info_hash)
    engine.add(order)
    try:
        while state.stage is Stage.CHECKING and state.trouble is None:
            state = engine.watch(order.info_hash, after=state.sequence, timeout=_LOOK_SECONDS)
            yield Progress(
                Phase.CHECKING,
                name=metainfo.name,
                site_name=torrent.site_name,
                done_bytes=state.done_bytes,
                total_bytes=metainfo.total_size,
            )
            if stop.is_asked:
                raise JobStopped(_("Stopped before it was checked. Start it again to continue."))
    finally:
        engine.stop(order.info_hash)
    return state.trouble is None and state.stage is not Stage.DOWNLOADING
