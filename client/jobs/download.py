"""Downloading a torrent or a magnet link into a folder, and passing it along afterwards."""

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from client.engine.transfer import AS_USUAL, NORMAL, SKIPPED, Engine, Order, Transfer, Tuning
from client.engine.trouble import Kind, Trouble
from client.errors import FolderError, JobError, JobStopped
from client.folders.keeping import kept_torrent, open_kept
from client.folders.places import is_there
from client.folders.space import check_largest, check_space
from client.folders.targets import Target, place, prepare_folder, reserve_at, reserve_beside
from client.jobs.continuing import Saving, find_begun
from client.jobs.following import follow
from client.jobs.progress import Phase, Progress
from client.jobs.stopping import Stop, StopRule
from client.opening.what import Torrent, read_torrent
from client.words import gettext as _
from installer.formats import magnet, metainfo
from installer.formats.magnet import Magnet
from installer.formats.metainfo import Metainfo

__all__ = ["Saving", "download"]

_LOOK_SECONDS = 0.5


def download(
    what: Torrent | Magnet,
    saving: Saving,
    state: Path,
    engine: Engine,
    stop: Stop,
    rule: StopRule,
    tuning: Tuning = AS_USUAL,
) -> Iterator[Progress]:
    """Download, and share until the rule is met."""
    if isinstance(what, Magnet):
        told = told_before(what, saving.folder, state)
        what = told or (yield from _ask_peers(what, saving.folder, engine, stop))
    with closing(open_kept(state, what.metainfo.info_hash, saving.folder)) as kept:
        # Known after a restart too, although there may be no place for it yet.
        kept.keep_torrent(what.content)
        prepare(saving.folder)
        begun = yield from find_begun(what, saving, kept, engine, stop)
        if begun is None:
            target, resume = _reserve(what.metainfo, saving, tuning), None
            kept.keep(what.content, target.name, is_ours=True)
        else:
            target, resume = begun
        start = Progress(
            Phase.CHECKING,
            name=what.metainfo.name,
            site_name=what.site_name,
            total_bytes=wanted_size(what.metainfo, tuning),
            place=target.path,
        )
        if begun is not None:
            yield start  # Whatever is wrong with the place, what is saved of it lies there.
            # Files that were skipped at first may be wanted by now.
            with troubled(Kind.UNFIT):
                _check_largest(what.metainfo, saving.folder, tuning)
            with troubled(Kind.DISK_FULL):
                check_space(target, wanted_size(what.metainfo, tuning))
        order = Order(
            what.metainfo.info_hash,
            target.folder,
            torrent=what.content,
            files=target.files,
            resume=resume,
            # What the person put there is whole, and stays as it is.
            is_share_only=not kept.is_ours,
            tuning=tuning,
        )
        due = _due_files(what.metainfo, target, tuning)
        yield from follow(engine, order, kept, start, stop, rule, due=due)


def check_saving(what: Torrent | Magnet, saving: Saving, tuning: Tuning = AS_USUAL) -> None:
    """Find out before the start all that would keep it from being saved there."""
    prepare_folder(saving.folder)
    if isinstance(what, Torrent):
        check_room(what.metainfo, _check_names(what.metainfo, saving, tuning), tuning)


def prepare(folder: Path) -> None:
    """Make the folder; what keeps it from being made or written into is trouble."""
    with troubled(Kind.NOT_WRITABLE if is_there(folder) else Kind.FOLDER_GONE):
        prepare_folder(folder)


def check_room(metainfo: Metainfo, target: Target, tuning: Tuning) -> None:
    """Refuse what does not fit there; nothing of it is stored yet, whatever has that name."""
    check_space(replace(target, files=()), wanted_size(metainfo, tuning))


@contextmanager
def troubled(kind: Kind) -> Iterator[None]:
    """What is wrong with a folder ends the job, and is of this kind."""
    try:
        yield
    except FolderError as error:
        raise JobError(str(error), trouble=Trouble(kind, str(error))) from error


def told_before(link: Magnet, folder: Path, state: Path) -> Torrent | None:
    """The torrent of a link that somebody has told us already."""
    content = kept_torrent(state, link.info_hash or b"", folder)
    return None if content is None else read_torrent(content)


def wanted_size(metainfo: Metainfo, tuning: Tuning) -> int:
    """The size of the files that the person wants."""
    return sum(_wanted_lengths(metainfo, tuning))


def _due_files(metainfo: Metainfo, target: Target, tuning: Tuning) -> frozenset[str]:
    """What has to be there at the end."""
    digits = tuning.priorities or NORMAL * len(metainfo.files)
    files = zip(target.files, metainfo.files, digits, strict=True)
    return frozenset(path for path, file, digit in files if file.length and digit != SKIPPED)


def _wanted_lengths(metainfo: Metainfo, tuning: Tuning) -> list[int]:
    digits = tuning.priorities or NORMAL * len(metainfo.files)
    chosen = zip(metainfo.files, digits, strict=True)
    return [file.length for file, digit in chosen if digit != SKIPPED]


def _reserve(metainfo: Metainfo, saving: Saving, tuning: Tuning) -> Target:
    with troubled(Kind.UNFIT):
        wanted = _check_names(metainfo, saving, tuning)
    with troubled(Kind.DISK_FULL):
        check_room(metainfo, wanted, tuning)
    with troubled(Kind.UNFIT):
        if saving.name is not None:
            return reserve_at(metainfo, wanted.path)
        return reserve_beside(metainfo, saving.folder)


def _check_names(metainfo: Metainfo, saving: Saving, tuning: Tuning) -> Target:
    wanted = place(metainfo, saving.folder, saving.name)
    _check_largest(metainfo, saving.folder, tuning)
    return wanted


def _check_largest(metainfo: Metainfo, folder: Path, tuning: Tuning) -> None:
    """What is skipped leaves no more than parts of it in a file of the engine's own."""
    check_largest(folder, max(_wanted_lengths(metainfo, tuning), default=0))


def _ask_peers(
    link: Magnet, folder: Path, engine: Engine, stop: Stop
) -> Generator[Progress, None, Torrent]:
    """Get the torrent of a magnet link from those who have it; nothing is saved yet."""
    if link.info_hash is None:
        raise JobError(
            _("This magnet link has only the newest kind of hash, which is not supported.")
        )
    alone = _("This link does not say where others can be found, so perhaps nobody is.")
    alone = "" if link.trackers else alone
    engine.add(Order(link.info_hash, folder, magnet=magnet.write(link)))
    state = Transfer(link.info_hash)
    try:
        while state.info is None:
            state = engine.watch(link.info_hash, after=state.sequence, timeout=_LOOK_SECONDS)
            yield Progress(
                Phase.ASKING, name=link.name, peers=state.peers, notice=state.notice or alone
            )
            if stop.is_asked:
                raise JobStopped(_("Stopped before anybody sent the description of the files."))
    finally:
        engine.stop(link.info_hash)
    trackers = [[url] for url in link.trackers]
    content = metainfo.write(state.info, announce=trackers, web_seeds=link.web_seeds)
    # A peer sends the info dictionary alone: the piece layers of a hybrid torrent stand beside it.
    return Torrent(content, metainfo.read_info(state.info))
